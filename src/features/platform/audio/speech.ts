import { MOST_MS_A_CHARACTER } from '../../../models/billing/metered-speech.ts';
import type { SpeechEvent, SpeechRequest } from '../../../../contract/openai/audio.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter } from '../../../metering/meter.ts';
import { hasFfmpeg } from '../../../models/speech/codecs/ffmpeg-encoder.ts';
import { openStreamEncoder, type StreamFormat } from '../../../models/speech/codecs/open-stream-encoder.ts';
import { languageOfText } from '../../../models/speech/text/language-of-text.ts';
import type { SpokenClause } from '../../../voice/clauses/clause-splitter.ts';
import { directionEmotion } from '../../../voice/clauses/direction-emotion.ts';
import { begun, clausesToRead, readOut } from '../../../voice/read-out.ts';
import type { ClauseToSpeak } from '../../../voice/speak-clause.ts';
import { SPEAKING_SAMPLE_RATE } from '../../../voice/voice-ports.ts';
import { meterStream } from '../metered-work.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import type { FoundVoice, PlatformVoices } from './platform-voices.ts';

const SAMPLES_A_MS = SPEAKING_SAMPLE_RATE / 1000;

export interface SpeechCall {
  actor: Actor;
  request: SpeechRequest;
  requestId: string;
  signal: AbortSignal;
}

/** A text in a voice, as it is made. */
export interface SpokenText {
  /** Mono 24 kHz PCM16. */
  sound: AsyncGenerator<Int16Array>;
  voice: FoundVoice;
  format: StreamFormat;
  used: { characters: number; audioInMs: number };
}

/** Something to be said in a voice. */
export interface Saying {
  actor: Actor;
  voice: FoundVoice;
  clauses: Iterable<SpokenClause> | AsyncIterable<SpokenClause>;
  /** For so many money is set aside; more is while it is needed. */
  characters: number;
  /** Grows while it is said. */
  used: SpokenText['used'];
  /** ISO 639-1, for what does not show its own. */
  language: string;
  /** How it is to be said, in words. */
  instructions: string | null;
  requestId: string;
  signal: AbortSignal;
}

interface PlatformSpeechOptions {
  voices: PlatformVoices;
  meter: Meter;
  clock: Clock;
  /** Folders in which an ffmpeg of the machine is looked for, as in `PATH`. */
  searchPath: string;
}

/** Texts spoken for developers, metered. */
export class PlatformSpeech {
  readonly #options: PlatformSpeechOptions;

  constructor(options: PlatformSpeechOptions) {
    this.#options = options;
  }

  /** Resolves when the first sound is there. Throws `InvalidInputError`, `NotFoundError`, `UnavailableError`. */
  async speak({ actor, request, requestId, signal }: SpeechCall): Promise<SpokenText> {
    const { voices } = this.#options;
    const { model, input, voice: asked, instructions, speed } = request;
    const format = request.response_format ?? 'mp3';
    await this.requireFormat(format, 'response_format');
    const language = languageOfText(input, 'en');
    const clauses = clausesToRead(input, 'read');
    if (clauses.length === 0) throw nothingToSay();
    const name = typeof asked === 'string' ? asked : asked.id;
    const voice = await voices.find(actor, { model, voice: name, speed: speed ?? 1, language, signal });
    const characters = Array.from(input).length;
    const used = { characters: 0, audioInMs: 0 };
    const said = function* (): Generator<SpokenClause> {
      yield* clauses;
      used.characters = characters;
    };
    const order = { actor, voice, language, instructions: instructions ?? null, requestId, signal };
    const sound = await begun(await this.say({ ...order, clauses: said(), characters, used }));
    if (sound === null) throw nothingToSay();
    return { sound, voice, format, used };
  }

  /** The voice that an order means. Throws as `PlatformVoices.find`. */
  find(...asked: Parameters<PlatformVoices['find']>): Promise<FoundVoice> {
    return this.#options.voices.find(...asked);
  }

  /** Throws `InvalidInputError` where this machine cannot write the format, naming `field`. */
  async requireFormat(format: StreamFormat, field: string): Promise<void> {
    if (format === 'aac' && !(await hasFfmpeg(this.#options.searchPath))) throw noAac(field);
  }

  /** The sound of clauses as they come, as one metered call; resolves when money for `characters` is set aside. */
  async say({
    actor,
    voice,
    clauses,
    characters,
    used,
    language,
    instructions,
    requestId,
    signal,
  }: Saying): Promise<AsyncGenerator<Int16Array>> {
    const { meter, clock } = this.#options;
    const { ref } = voice.voice.handle;
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind: 'speech',
      model: voice.model,
      refs: [ref],
      estimate: { ...NO_USAGE, characters, audioInMs: characters * MOST_MS_A_CHARACTER },
      characterId: voice.characterId,
      requestId,
    });
    const speaking = { ...voice.voice, handle: voice.voice.handle.billed({ metered }) };
    const stopping = AbortSignal.any([signal, metered.signal]);
    const emotion = instructions ? (directionEmotion(instructions) ?? 'neutral') : null;
    const toSpeak = async function* (): AsyncGenerator<ClauseToSpeak> {
      for await (const clause of clauses) {
        used.characters += Array.from(clause.text).length;
        yield {
          voice: speaking,
          text: clause.spoken,
          language: languageOfText(clause.spoken, language),
          emotion: emotion ?? clause.emotion,
          instructions: instructions ?? undefined,
          signal: stopping,
        };
      }
    };
    return meterStream({
      parts: counted(readOut(toSpeak()), used),
      metered,
      clock,
      used: () =>
        used.audioInMs === 0 ? null : { ref, usage: { ...NO_USAGE, ...rounded(used) }, usageSource: 'tokenizer' },
    });
  }

  /** The bytes of a file of sound, as it is made. */
  async *encode({ sound, format }: Pick<SpokenText, 'sound' | 'format'>): AsyncGenerator<Uint8Array> {
    await using encoder = await openStreamEncoder(format, {
      sampleRate: SPEAKING_SAMPLE_RATE,
      searchPath: this.#options.searchPath,
    });
    for await (const samples of sound) {
      const bytes = await encoder.push(samples);
      if (bytes.length > 0) yield bytes;
    }
    const last = await encoder.end();
    if (last.length > 0) yield last;
  }

  /** The same as OpenAI's events. */
  async *events(spoken: SpokenText): AsyncGenerator<SpeechEvent> {
    for await (const bytes of this.encode(spoken)) {
      yield { type: 'speech.audio.delta', audio: Buffer.from(bytes).toString('base64') };
    }
    // Their tokens are pieces of text and of sound; what is counted here are characters and tenths of a second.
    const { characters, audioInMs } = rounded(spoken.used);
    const tokens = { input_tokens: characters, output_tokens: Math.ceil(audioInMs / 100) };
    yield { type: 'speech.audio.done', usage: { ...tokens, total_tokens: tokens.input_tokens + tokens.output_tokens } };
  }
}

async function* counted(sound: AsyncGenerator<Int16Array>, used: { audioInMs: number }): AsyncGenerator<Int16Array> {
  for await (const samples of sound) {
    used.audioInMs += samples.length / SAMPLES_A_MS;
    yield samples;
  }
}

function rounded({ characters, audioInMs }: { characters: number; audioInMs: number }) {
  return { characters, audioInMs: Math.round(audioInMs) };
}

function noAac(field: string): InvalidInputError {
  return new InvalidInputError(
    'Sound is written as AAC by an ffmpeg on the PATH of this house, and there is none: install it, or ask for mp3, opus, flac, wav or pcm.',
    { code: 'unsupported-format', field },
  );
}

function nothingToSay(): InvalidInputError {
  return new InvalidInputError('There is nothing in this text that can be said aloud.', {
    code: 'nothing-to-say',
    field: 'input',
  });
}
