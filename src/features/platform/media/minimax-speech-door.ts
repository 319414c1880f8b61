import type { T2aAnswer, T2aRequest } from '../../../../contract/minimax.ts';
import type { SpeechRequest } from '../../../../contract/openai/audio.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import type { SoundFormat } from '../../../models/speech/codecs/sound-encoder.ts';
import { SPEAKING_SAMPLE_RATE } from '../../../voice/voice-ports.ts';
import type { PlatformSpeech, SpokenText } from '../audio/speech.ts';

const FORMATS: readonly SoundFormat[] = ['mp3', 'pcm', 'flac', 'wav', 'opus'];
const FINE = { status_code: 0, status_msg: 'success' };

export interface T2aCall {
  actor: Actor;
  request: T2aRequest;
  requestId: string;
  signal: AbortSignal;
}

/** `POST /v1/t2a_v2` in MiniMax's words, spoken by whatever voice the house has for it. */
export class MinimaxSpeechDoor {
  readonly #speech: PlatformSpeech;

  constructor(speech: PlatformSpeech) {
    this.#speech = speech;
  }

  async create(call: T2aCall): Promise<T2aAnswer> {
    const spoken = await this.#speak(call);
    const parts: Uint8Array[] = [];
    for await (const bytes of this.#speech.encode(spoken)) parts.push(bytes);
    const sound = Buffer.concat(parts);
    return {
      data: { audio: sound.toString('hex'), status: 2 },
      extra_info: extraInfo(spoken, { call, bytes: sound.length }),
      trace_id: call.requestId,
      base_resp: FINE,
    };
  }

  /** The first sound is there when this resolves. */
  async stream(call: T2aCall): Promise<AsyncGenerator<T2aAnswer>> {
    return this.#events(await this.#speak(call), call);
  }

  async *#events(spoken: SpokenText, call: T2aCall): AsyncGenerator<T2aAnswer> {
    const all: Uint8Array[] = [];
    let bytes = 0;
    const isRepeated = call.request.stream_options?.exclude_aggregated_audio !== true;
    for await (const part of this.#speech.encode(spoken)) {
      bytes += part.length;
      if (isRepeated) all.push(part);
      const audio = Buffer.from(part).toString('hex');
      yield { data: { audio, status: 1 }, trace_id: call.requestId, base_resp: FINE };
    }
    yield {
      // The whole sound once more, unless it is asked not to.
      data: { audio: Buffer.concat(all).toString('hex'), status: 2 },
      extra_info: extraInfo(spoken, { call, bytes }),
      trace_id: call.requestId,
      base_resp: FINE,
    };
  }

  async #speak({ request, ...caller }: T2aCall): Promise<SpokenText> {
    if (request.output_format === 'url') {
      throw new InvalidInputError('Sound is handed out as hex here, not by an address.', { field: 'output_format' });
    }
    const { voice_setting: voice, audio_setting: audio } = request;
    const wanted = audio?.format ?? 'mp3';
    const format = FORMATS.find((known) => known === wanted);
    if (format === undefined) {
      throw new InvalidInputError(`Sound is written as ${FORMATS.join(', ')} here.`, { field: 'audio_setting.format' });
    }
    const asked: SpeechRequest = {
      model: request.model,
      input: request.text,
      voice: voice?.voice_id ?? 'alloy',
      speed: voice?.speed ?? 1,
      response_format: format,
      ...(voice?.emotion ? { instructions: `Sound ${voice.emotion}.` } : {}),
    };
    return this.#speech.speak({ ...caller, request: asked });
  }
}

function extraInfo(
  { used, format }: SpokenText,
  { call, bytes }: { call: T2aCall; bytes: number },
): NonNullable<T2aAnswer['extra_info']> {
  const characters = Array.from(call.request.text).length;
  return {
    audio_length: Math.round(used.audioInMs),
    audio_sample_rate: format === 'opus' ? 48_000 : SPEAKING_SAMPLE_RATE,
    audio_size: bytes,
    audio_format: format,
    audio_channel: 1,
    usage_characters: characters,
    word_count: characters,
    invisible_character_ratio: 0,
  };
}
