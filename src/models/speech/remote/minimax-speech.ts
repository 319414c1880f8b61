import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { Emotion } from '../../../../contract/voice.ts';
import { AppError } from '../../../base/errors.ts';
import { garbageError, halfStreamError } from '../../remote/provider-errors.ts';
import type { RemoteProvider } from '../../remote/provider-kinds.ts';
import type { PcmChunk, SynthesisRequest } from '../../spec/speech-handle.ts';
import { PcmStream } from './pcm-stream.ts';
import { callProvider, speechError, voiceError, type RemoteSpeechOptions } from './provider-call.ts';
import { shapeStream } from './shape-stream.ts';

const SAMPLE_RATE = 24_000;
/** Characters of one event: ten seconds of audio are a million. */
const LONGEST_EVENT = 8_000_000;

const EMOTIONS: Readonly<Record<Emotion, string | null>> = {
  neutral: null,
  happy: 'happy',
  sad: 'sad',
  angry: 'angry',
  fearful: 'fearful',
  surprised: 'surprised',
  tender: 'calm',
  whisper: 'whisper',
};
const LANGUAGES: Readonly<Record<string, string>> = {
  zh: 'Chinese',
  en: 'English',
  ja: 'Japanese',
  ko: 'Korean',
  es: 'Spanish',
  fr: 'French',
  de: 'German',
  ru: 'Russian',
  pt: 'Portuguese',
  it: 'Italian',
  ar: 'Arabic',
  tr: 'Turkish',
  nl: 'Dutch',
  uk: 'Ukrainian',
  vi: 'Vietnamese',
  id: 'Indonesian',
};

export const baseRespSchema = z.object({ status_code: z.number(), status_msg: z.string().default('') });
const eventSchema = z.object({
  data: z.object({ audio: z.string().default(''), status: z.number().optional() }).nullish(),
  base_resp: baseRespSchema.nullish(),
});

/** Emotions of a model: whispering came with version 2.6. */
export function minimaxEmotions(model: string): readonly Emotion[] {
  const all = Object.keys(EMOTIONS) as Emotion[];
  return /^speech-(?:2\.[6-9]|[3-9])/u.test(model) ? all : all.filter((emotion) => emotion !== 'whisper');
}

/**
 * Speaks through `POST /t2a_v2` (platform.minimax.io, T2A v2), streamed: server-sent events with hexadecimal PCM;
 * `status` 1 while more comes, 2 with the last one, which would repeat everything and is asked not to.
 */
export async function* synthesizeMinimax(
  options: RemoteSpeechOptions,
  request: SynthesisRequest,
): AsyncGenerator<PcmChunk> {
  const emotion = minimaxEmotions(options.model).includes(request.emotion) ? EMOTIONS[request.emotion] : null;
  const body = {
    model: options.model,
    text: request.text,
    stream: true,
    stream_options: { exclude_aggregated_audio: true },
    language_boost: LANGUAGES[request.language] ?? 'auto',
    voice_setting: {
      voice_id: request.voice,
      speed: Math.min(2, Math.max(0.5, request.speed)),
      vol: 1,
      pitch: Math.max(-12, Math.min(12, Math.round(request.pitch))),
      ...(emotion === null ? {} : { emotion }),
    },
    audio_setting: { sample_rate: SAMPLE_RATE, format: 'pcm', channel: 1 },
  };
  const { chunks } = await callProvider(options, {
    path: '/t2a_v2',
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    signal: request.signal,
  });
  yield* shapeStream(readEvents(options.provider, chunks), { pitch: 0, gain: 0 });
}

async function* readEvents(provider: RemoteProvider, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PcmChunk> {
  const pcm = new PcmStream({ sampleRate: SAMPLE_RATE });
  const events = new EventReader(provider);
  let sounded = false;
  let ended = false;
  try {
    for await (const bytes of chunks) {
      for (const event of events.read(bytes)) {
        ended ||= event.ended;
        const samples = pcm.read(event.audio);
        if (samples.length === 0) continue;
        sounded = true;
        yield { samples, sampleRate: SAMPLE_RATE };
      }
      if (ended) return;
    }
  } catch (error) {
    if (sounded && error instanceof AppError && error.code === 'provider-connection') throw halfStreamError(provider);
    throw error;
  }
  events.end();
  throw sounded ? halfStreamError(provider) : garbageError(provider);
}

interface AudioEvent {
  audio: Uint8Array;
  ended: boolean;
}

/** Events out of bytes cut anywhere; an answer that is one JSON object instead, as refusals are, is understood too. */
class EventReader {
  readonly #provider: RemoteProvider;
  readonly #decoder = new TextDecoder();
  readonly #found: AudioEvent[] = [];
  readonly #parser;
  #beginning = '';
  #sinceEvent = 0;

  constructor(provider: RemoteProvider) {
    this.#provider = provider;
    this.#parser = createParser({
      onEvent: ({ data }) => {
        this.#sinceEvent = 0;
        this.#found.push(this.#understand(data));
      },
    });
  }

  read(bytes: Uint8Array): AudioEvent[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#sinceEvent += text.length;
    if (this.#sinceEvent > LONGEST_EVENT) throw garbageError(this.#provider);
    if (this.#beginning.length < MOST_BEGINNING) this.#beginning += text.slice(0, MOST_BEGINNING);
    if (!this.#beginning.trimStart().startsWith('{')) this.#parser.feed(text);
    return this.#found.splice(0);
  }

  /** The answer is over: throws what a JSON answer says. */
  end(): void {
    if (this.#beginning.trimStart().startsWith('{')) this.#understand(this.#beginning);
  }

  #understand(data: string): AudioEvent {
    const parsed = eventSchema.safeParse(readJson(data));
    if (!parsed.success) throw garbageError(this.#provider);
    const failure = parsed.data.base_resp;
    if (failure && failure.status_code !== 0) throw minimaxError(this.#provider, failure);
    const audio = parsed.data.data?.audio ?? '';
    if (!/^(?:[0-9a-f]{2})*$/iu.test(audio)) throw garbageError(this.#provider);
    return { audio: Buffer.from(audio, 'hex'), ended: parsed.data.data?.status === 2 };
  }
}

const MOST_BEGINNING = 20_000;

/** What MiniMax's codes mean (platform.minimax.io, Error codes). */
export function minimaxError(
  provider: RemoteProvider,
  { status_code: code, status_msg: said }: z.infer<typeof baseRespSchema>,
): AppError {
  const text = `${said} (${code})`;
  if (code === 2042 || code === 2054 || (code === 2013 && /voice/iu.test(said))) return voiceError(provider, text);
  const statuses: Readonly<Record<number, number>> = {
    1004: 401,
    2049: 401,
    1008: 402,
    1002: 429,
    1039: 429,
    2056: 429,
    1001: 408,
    1000: 500,
    1013: 500,
    1024: 500,
    1033: 500,
  };
  return speechError(provider, { status: statuses[code] ?? 400, headers: {}, text });
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
