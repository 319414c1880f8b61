import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { createSoundEncoder } from './sound-encoder.ts';

const askedSchema = z.object({
  format: z.enum(['mp3', 'opus', 'flac', 'wav', 'pcm']),
  sampleRate: z.number().positive(),
});
/** Samples to encode; null = the end. */
const messageSchema = z.instanceof(Int16Array).nullable();

const { format, sampleRate } = askedSchema.parse(workerData);
const opened = createSoundEncoder(format, sampleRate);

const encode = async (message: unknown) => {
  const samples = messageSchema.parse(message);
  const encoder = await opened;
  parentPort?.postMessage(Uint8Array.from(samples === null ? encoder.end() : encoder.push(samples)));
};

parentPort?.on('message', (message: unknown) => void encode(message));
