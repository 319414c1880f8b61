import type {
  HeardTokensUsage,
  TranscriptionEvent,
  TranscriptionFields,
  TranslationFields,
  VerboseTranscription,
} from '../../../../contract/openai/audio.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError, UnavailableError } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { MeteredCall, Meter } from '../../../metering/meter.ts';
import type { SpeechDirectory } from '../../../models/routing/speech-directory.ts';
import type { SoundReader } from '../../../models/speech/codecs/sound-reader.ts';
import { transcribeLong, type HeardPiece } from '../../../models/speech/hearing/transcribe-long.ts';
import {
  HEARING_SAMPLE_RATE,
  type ActivityDetector,
  type Transcript,
  type BilledTranscription,
} from '../../../models/spec/speech-handle.ts';
import type { HeardTokens } from '../../../models/spec/heard-tokens.ts';
import { meterStream, meterWork } from '../metered-work.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import { requireModelAllowed } from '../platform-caller.ts';
import { findSpeechModel, namesOfRefs, type SpeechModelName } from './speech-model-names.ts';
import { round, toSegments, toSrt, toVtt } from './timed-text.ts';

/** Longer recordings are cut by whoever sends them, seconds. */
const LONGEST = 3 * 3600;

export interface RecordingCall<Fields> {
  actor: Actor;
  file: Uint8Array;
  fields: Fields;
  requestId: string;
  signal: AbortSignal;
}

/** JSON, or a text of its own type. */
export type TranscriptionAnswer = { json: object } | { text: string; type: string };

/** Puts texts into English; the language models of the house satisfy it, metered for the caller. */
export interface IntoEnglish {
  translate(
    texts: readonly string[],
    call: { actor: Actor; from: string | null; requestId: string; signal: AbortSignal },
  ): Promise<string[]>;
}

interface SaidLanguages {
  language?: string | undefined;
  languages?: string[] | null | undefined;
}

interface Recording {
  handle: BilledTranscription;
  model: string;
  samples: Float32Array;
  seconds: number;
  language: string | null;
  activity: ActivityDetector | null;
  metered: MeteredCall;
  signal: AbortSignal;
}

type Heard = Transcript & { pieces: HeardPiece[] };

/** Recordings written down for developers, metered by their length. */
export class Transcriptions {
  readonly #options: {
    speech: SpeechDirectory;
    reader: SoundReader;
    english: IntoEnglish;
    meter: Meter;
    clock: Clock;
  };

  constructor(options: {
    speech: SpeechDirectory;
    reader: SoundReader;
    english: IntoEnglish;
    meter: Meter;
    clock: Clock;
  }) {
    this.#options = options;
  }

  /** What listens now, as models. */
  async models(): Promise<SpeechModelName[]> {
    return namesOfRefs((await this.#options.speech.hearers()).map(({ ref }) => ref));
  }

  async transcribe(call: RecordingCall<TranscriptionFields>): Promise<TranscriptionAnswer> {
    requireKnownWishes(call.fields);
    const recording = await this.#open(call);
    const heard = await this.#hear(recording);
    return answer(call.fields.response_format, { heard, seconds: recording.seconds, task: 'transcribe' });
  }

  /** What is said in a recording, for whoever answers it. */
  async hear(call: RecordingCall<SaidLanguages & { model: string }>): Promise<Transcript> {
    return this.#hear(await this.#open(call));
  }

  /** The same as OpenAI's events, piece by piece. */
  async stream(call: RecordingCall<TranscriptionFields>): Promise<AsyncGenerator<TranscriptionEvent>> {
    requireKnownWishes(call.fields);
    const recording = await this.#open(call);
    let doneInSeconds = 0;
    const pieces = transcribePieces(recording, (done) => (doneInSeconds = done));
    const usage = () => ({ ...NO_USAGE, audioInMs: Math.round(doneInSeconds * 1000) });
    return meterStream({
      parts: pieces,
      metered: recording.metered,
      clock: this.#options.clock,
      used: () =>
        doneInSeconds === 0 ? null : { ref: recording.handle.ref, usage: usage(), usageSource: 'tokenizer' },
    });
  }

  /** In English: written down, and translated by a language model where it was said in another language. */
  async translate(call: RecordingCall<TranslationFields>): Promise<TranscriptionAnswer> {
    const recording = await this.#open({ ...call, fields: { model: call.fields.model } });
    const heard = await this.#hear(recording);
    const { actor, requestId, signal } = call;
    const english = await this.#inEnglish(heard, { actor, requestId, signal });
    return answer(call.fields.response_format, { heard: english, seconds: recording.seconds, task: 'translate' });
  }

  async #open({
    actor,
    file,
    fields,
    requestId,
    signal,
  }: RecordingCall<SaidLanguages & { model: string }>): Promise<Recording> {
    const { speech, reader, meter } = this.#options;
    requireModelAllowed(actor, fields.model);
    const models = await this.models();
    const only = findSpeechModel(models, { model: fields.model, job: 'hearing' });
    const language = languageOf(fields);
    const handle = await speech.transcription(language, signal, only?.ref);
    const samples = await reader.read(file, { maxSeconds: LONGEST, signal });
    const activity = await this.#activity(signal);
    const seconds = samples.length / HEARING_SAMPLE_RATE;
    const model = models.find(({ ref }) => ref === handle.ref)?.name ?? handle.ref;
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind: 'transcription',
      model,
      refs: [handle.ref],
      estimate: { ...NO_USAGE, audioInMs: Math.round(seconds * 1000) },
      requestId,
    });
    const stopping = AbortSignal.any([signal, metered.signal]);
    return {
      handle: handle.billed({ metered }),
      model,
      samples,
      seconds,
      language,
      activity,
      metered,
      signal: stopping,
    };
  }

  #hear({ handle, samples, seconds, language, activity, metered, signal }: Recording): Promise<Heard> {
    return meterWork({
      metered,
      clock: this.#options.clock,
      work: async () => ({
        result: await transcribeLong({ handle, activity, samples, language, signal }),
        used: {
          ref: handle.ref,
          usage: { ...NO_USAGE, audioInMs: Math.round(seconds * 1000) },
          usageSource: 'tokenizer' as const,
        },
      }),
    });
  }

  /** Without a detector the whole recording is heard. */
  async #activity(signal: AbortSignal): Promise<ActivityDetector | null> {
    try {
      return await (await this.#options.speech.ears(signal)).createActivity();
    } catch (error) {
      if (error instanceof UnavailableError && error.code === 'hearing-absent') return null;
      throw error;
    }
  }

  async #inEnglish(heard: Heard, call: { actor: Actor; requestId: string; signal: AbortSignal }): Promise<Heard> {
    const isEnglish = heard.language === 'en' || heard.pieces.length === 0;
    if (isEnglish) return { ...heard, language: 'en' };
    const texts = await this.#options.english.translate(
      heard.pieces.map(({ text }) => text),
      { ...call, from: heard.language },
    );
    const pieces = heard.pieces.map((piece, index) => ({ ...piece, text: texts[index] ?? '' }));
    return { text: texts.join(' '), language: 'en', pieces };
  }
}

/** Events as pieces of the recording are understood; tells how much was heard. */
async function* transcribePieces(
  { handle, activity, samples, seconds, language, signal }: Recording,
  tell: (doneInSeconds: number) => void,
): AsyncGenerator<TranscriptionEvent> {
  const waiting: string[] = [];
  let wake = () => {};
  let said = '';
  const work = transcribeLong({
    handle,
    activity,
    samples,
    language,
    signal,
    onProgress: ({ doneInSeconds, text }) => {
      tell(doneInSeconds);
      // What was said before stays as it was told.
      const delta = text.startsWith(said) ? text.slice(said.length) : '';
      if (delta === '') return;
      said = text;
      waiting.push(delta);
      wake();
    },
  });
  const over = work.then(
    () => true,
    () => true,
  );
  for (;;) {
    const delta = waiting.shift();
    if (delta !== undefined) yield { type: 'transcript.text.delta', delta };
    else if (
      (await Promise.race([over, new Promise<false>((resolve) => (wake = () => resolve(false)))])) &&
      waiting.length === 0
    )
      break;
  }
  const { text, language: heardLanguage, tokens } = await work;
  tell(seconds);
  const usage = tokens && { usage: toUsage(tokens) };
  yield { type: 'transcript.text.done', text, languages: codesOf(heardLanguage), ...usage };
}

function answer(
  format: TranscriptionFields['response_format'],
  { heard, seconds, task }: { heard: Heard; seconds: number; task: VerboseTranscription['task'] },
): TranscriptionAnswer {
  const { text, pieces } = heard;
  if (format === 'text') return { text: `${text}\n`, type: 'text/plain; charset=utf-8' };
  if (format === 'srt') return { text: toSrt(pieces), type: 'application/x-subrip; charset=utf-8' };
  if (format === 'vtt') return { text: toVtt(pieces), type: 'text/vtt; charset=utf-8' };
  const byTime = task === 'transcribe' ? { usage: { type: 'duration', seconds: Math.ceil(seconds) } as const } : {};
  const languages = task === 'transcribe' ? { languages: codesOf(heard.language) } : {};
  if (format !== 'verbose_json') {
    const usage = task === 'transcribe' && heard.tokens ? { usage: toUsage(heard.tokens) } : byTime;
    return { json: { text, ...languages, ...usage } };
  }
  const verbose: VerboseTranscription = {
    task,
    language: nameOfLanguage(heard.language),
    duration: round(seconds),
    text,
    segments: toSegments(pieces),
    ...byTime,
  };
  return { json: verbose };
}

function toUsage({ input, inputText, inputAudio, output }: HeardTokens): HeardTokensUsage {
  return {
    type: 'tokens',
    input_tokens: input,
    input_token_details: { text_tokens: inputText, audio_tokens: inputAudio },
    output_tokens: output,
    total_tokens: input + output,
  };
}

function codesOf(language: string | null): { code: string }[] {
  return language === null ? [] : [{ code: language }];
}

/** The language that is said, or the only one that it may be. */
function languageOf({ language, languages }: SaidLanguages): string | null {
  const [only, ...others] = languages ?? [];
  return languageCode(language ?? (others.length === 0 ? only : undefined));
}

/** What no engine here can do is refused rather than left out. */
function requireKnownWishes(wishes: TranscriptionFields): void {
  const { response_format: format, timestamp_granularities: times, chunking_strategy: cuts, include } = wishes;
  const [name] = (['known_speaker_names', 'known_speaker_references'] as const).filter((one) => wishes[one]?.length);
  if (format === 'diarized_json' || name) {
    throw new InvalidInputError('Who speaks when cannot be told apart here. Ask for json, verbose_json, srt or vtt.', {
      code: 'unsupported-format',
      field: name ?? 'response_format',
    });
  }
  if (times?.includes('word'))
    throw unknownHere('timestamp_granularities', 'Times of single words: ask for “segment”.');
  if (include?.includes('logprobs')) throw unknownHere('include', 'How probable words were: leave “logprobs” out.');
  if (wishes.keywords?.length) throw unknownHere('keywords', 'Hints for what was said: leave “keywords” out.');
  if (cuts && cuts !== 'auto' && cuts !== '"auto"') {
    throw unknownHere('chunking_strategy', 'Other ways to cut than in the pauses: say “auto”.');
  }
}

function unknownHere(field: string, what: string): InvalidInputError {
  return new InvalidInputError(`No engine here offers this. ${what}`, { code: 'unsupported-value', field });
}

/** ISO 639-1 out of `en`, `zh-CN` or `english`. Null = to be found out. */
function languageCode(said: string | undefined): string | null {
  const text = (said ?? '').trim().toLowerCase();
  if (text === '') return null;
  const code = /^[a-z]{2}(?=$|[-_])/u.exec(text)?.[0] ?? LANGUAGES.get(text);
  if (code !== undefined) return code;
  throw new InvalidInputError(`“${text.slice(0, 40)}” is no language in ISO 639-1, such as “en” or “zh”.`, {
    field: 'language',
  });
}

const ENGLISH_NAMES = new Intl.DisplayNames(['en'], { type: 'language' });
const LANGUAGES = new Map(
  ['en', 'zh', 'es', 'fr', 'de', 'it', 'pt', 'ja', 'ko', 'ru', 'ar', 'tr', 'nl', 'uk', 'vi', 'id', 'hi', 'pl'].map(
    (code) => [(ENGLISH_NAMES.of(code) ?? code).toLowerCase(), code],
  ),
);

/** As Whisper names them: `english`. */
function nameOfLanguage(code: string | null): string {
  return code === null ? 'unknown' : (ENGLISH_NAMES.of(code) ?? code).toLowerCase();
}
