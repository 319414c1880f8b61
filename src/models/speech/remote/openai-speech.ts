import type { Emotion } from '../../../../contract/voice.ts';
import { AppError } from '../../../base/errors.ts';
import { garbageError, halfStreamError } from '../../remote/provider-errors.ts';
import type { PcmChunk, SynthesisRequest } from '../../spec/speech-handle.ts';
import { engineSpeed } from '../speaking/shape-speech.ts';
import { toneOf } from '../speaking/tone.ts';
import { PcmStream } from './pcm-stream.ts';
import { callProvider, type RemoteSpeechOptions } from './provider-call.ts';
import { shapeStream } from './shape-stream.ts';

/** What `response_format: pcm` is: 16 bit little-endian, mono, 24 kHz (platform.openai.com, Text to speech). */
const PCM_SAMPLE_RATE = 24_000;

const INSTRUCTIONS: Readonly<Record<Emotion, string | null>> = {
  neutral: null,
  happy: 'Sound happy, with a smile in the voice.',
  sad: 'Sound sad and subdued.',
  angry: 'Sound angry.',
  fearful: 'Sound afraid, a little breathless.',
  surprised: 'Sound surprised.',
  tender: 'Speak tenderly and warmly.',
  whisper: 'Whisper.',
};

/** Models of OpenAI's that follow words about how to speak. */
export function takesInstructions({ provider, model }: RemoteSpeechOptions): boolean {
  return provider.kind === 'openai' && !model.startsWith('tts-1');
}

/**
 * Speaks through `POST /audio/speech`, OpenAI's or any server's that has it (Kokoro-FastAPI, vLLM, LocalAI, Speaches):
 * raw PCM as it is made. Pitch, and the tone where the model follows no instructions, are made here.
 */
export async function* synthesizeOpenai(
  options: RemoteSpeechOptions,
  request: SynthesisRequest,
): AsyncGenerator<PcmChunk> {
  const instructed = takesInstructions(options);
  const tone = instructed ? toneOf('neutral') : toneOf(request.emotion);
  const pitch = request.pitch + tone.pitch;
  const instructions = instructed ? (request.instructions ?? INSTRUCTIONS[request.emotion]) : null;
  const body = {
    model: options.model,
    input: request.text,
    voice: request.voice,
    response_format: 'pcm',
    speed: Number(engineSpeed({ speed: request.speed * tone.speed, pitch }).toFixed(3)),
    ...(instructions === null ? {} : { instructions }),
  };
  const { chunks } = await callProvider(options, {
    path: '/audio/speech',
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    signal: request.signal,
  });
  yield* shapeStream(readPcm(options, chunks), { pitch, gain: tone.gain });
}

async function* readPcm(options: RemoteSpeechOptions, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PcmChunk> {
  const stream = new PcmStream({ sampleRate: PCM_SAMPLE_RATE });
  let sounded = false;
  try {
    for await (const bytes of chunks) {
      const samples = stream.read(bytes);
      if (samples.length === 0) continue;
      sounded = true;
      yield { samples, sampleRate: stream.sampleRate };
    }
  } catch (error) {
    if (sounded && error instanceof AppError && error.code === 'provider-connection')
      throw halfStreamError(options.provider);
    throw error;
  }
  if (!sounded) throw garbageError(options.provider);
}
