import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { BoundedQueue } from '../../../base/bounded-queue.ts';
import type { NewId } from '../../../base/ids.ts';
import type { StreamFormat } from '../../../models/speech/codecs/open-stream-encoder.ts';
import { languageOfText } from '../../../models/speech/text/language-of-text.ts';
import { ClauseSplitter, type SpokenClause } from '../../../voice/clauses/clause-splitter.ts';
import type { FoundVoice } from '../audio/platform-voices.ts';
import type { PlatformSpeech, Saying } from '../audio/speech.ts';
import type { AnswerPart, SoundPart } from './answer-part.ts';
import { mergeIterables } from './merge-iterables.ts';

/** How long a later request may name the answer, milliseconds: as long as OpenAI's. */
const LIVES_IN_MS = 60 * 60_000;
/** Clauses that may wait for the voice: more than any answer has. */
const MOST_WAITING = 20_000;
/** Characters for which money is set aside before the answer is known; more is as it grows. */
const FIRST_SLICE_CHARACTERS = 200;

export interface AnswerVoiceOptions {
  speech: PlatformSpeech;
  /** The voice that was asked for, for a language. */
  find: (language: string) => Promise<FoundVoice>;
  say: Pick<Saying, 'actor' | 'language' | 'instructions' | 'requestId'>;
  format: StreamFormat;
  narration: 'skip' | 'read';
  newId: NewId;
  /** Keeps what was said; tells until when, seconds since the epoch. */
  keep: (answer: { id: string; transcript: string; livesInMs: number }) => Promise<number>;
}

/** Says answers while they are written, one voice for one request. */
export class AnswerVoice {
  readonly #options: AnswerVoiceOptions;

  constructor(options: AnswerVoiceOptions) {
    this.#options = options;
  }

  /**
   * Words as they come, and the sound of them as soon as a clause is whole. Where one of both fails, `ending` is made to
   * fire; `signal` stops them and fires with it.
   */
  async *speak(
    answer: AsyncIterable<LanguageModelV4StreamPart>,
    { ending, signal }: { ending: AbortController; signal: AbortSignal },
  ): AsyncGenerator<AnswerPart> {
    const clauses = new BoundedQueue<SpokenClause>(MOST_WAITING);
    const { newId, narration, keep } = this.#options;
    const id = `audio_${newId().replaceAll('-', '')}`;
    const said = new SaidWords(answer, { clauses, splitter: new ClauseSplitter({ narration }), id });
    let fault: unknown = null;
    const guarded = (parts: () => AsyncGenerator<AnswerPart>) =>
      async function* (): AsyncGenerator<AnswerPart> {
        try {
          yield* parts();
        } catch (error) {
          fault ??= error;
          ending.abort();
          throw error;
        }
      };
    const sources = [guarded(() => said.parts()), guarded(() => this.#sound(clauses, signal))];
    try {
      for await (const { value } of mergeIterables(sources, sources.length)) yield value;
    } catch (error) {
      throw fault ?? error;
    }
    if (said.text !== '') {
      yield { type: 'sound-end', expiresAt: await keep({ id, transcript: said.text, livesInMs: LIVES_IN_MS }) };
    }
    if (said.finish) yield said.finish;
  }

  async *#sound(clauses: AsyncIterable<SpokenClause>, signal: AbortSignal): AsyncGenerator<SoundPart> {
    const { speech, find, say, format } = this.#options;
    const waiting = clauses[Symbol.asyncIterator]();
    const first = await nextAudible(waiting);
    if (first === null) return;
    const voice = await find(languageOfText(first.spoken, say.language));
    const used = { characters: 0, audioInMs: 0 };
    const told = {
      ...say,
      clauses: beginningWith(first, { rest: waiting, signal }),
      characters: FIRST_SLICE_CHARACTERS,
      used,
    };
    const sound = await speech.say({ ...told, voice, signal });
    for await (const bytes of speech.encode({ sound, format })) yield { type: 'sound-delta', bytes };
  }
}

interface SaidWordsOptions {
  clauses: BoundedQueue<SpokenClause>;
  splitter: ClauseSplitter;
  id: string;
}

/** Hands an answer's parts on, its end excepted, and its clauses to whoever says them. */
class SaidWords {
  readonly #answer: AsyncIterable<LanguageModelV4StreamPart>;
  readonly #options: SaidWordsOptions;
  text = '';
  finish: LanguageModelV4StreamPart | null = null;

  constructor(answer: AsyncIterable<LanguageModelV4StreamPart>, options: SaidWordsOptions) {
    this.#answer = answer;
    this.#options = options;
  }

  async *parts(): AsyncGenerator<AnswerPart> {
    const { clauses, splitter, id } = this.#options;
    try {
      for await (const part of this.#answer) {
        if (part.type === 'finish') {
          this.finish = part;
          continue;
        }
        if (part.type === 'text-delta' && part.delta !== '') {
          if (this.text === '') yield { type: 'sound-start', id };
          this.text += part.delta;
          for (const clause of splitter.push(part.delta)) clauses.push(clause);
        }
        yield part;
      }
      for (const clause of splitter.end()) clauses.push(clause);
    } finally {
      clauses.end();
    }
  }
}

async function nextAudible(clauses: AsyncIterator<SpokenClause>): Promise<SpokenClause | null> {
  for (;;) {
    const { done, value } = await clauses.next();
    if (done) return null;
    if (value.spoken.trim() !== '') return value;
  }
}

async function* beginningWith(
  first: SpokenClause,
  { rest, signal }: { rest: AsyncIterator<SpokenClause>; signal: AbortSignal },
): AsyncGenerator<SpokenClause> {
  for (let clause: SpokenClause | null = first; clause; clause = await nextAudible(rest)) yield clause;
  // Words that were broken off are not an end.
  signal.throwIfAborted();
}
