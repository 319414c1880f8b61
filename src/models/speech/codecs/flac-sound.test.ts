import flac from '@audio/encode-flac';
import { expect, test } from 'vitest';
import { decodeFlac } from './flac-sound.ts';

const RATE = 44_100;
/** Noise, silence, and the values whose bytes look like others. */
const values = Array.from({ length: 20_000 }, (_, index) => {
  if (index < 4000) return [0, -1, 255, -256, 256, 0x7fff, -0x8000, 0x00ff, -255, 0, 0, -1][index % 12] ?? 0;
  return index < 8000 ? 0 : Math.round(Math.sin(index * index) * 2 ** ((index % 15) + 1)) % 0x7fff || 0;
});

async function fileOf(bitDepth: 16 | 24, channels: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await flac({ sampleRate: RATE, channels, bitDepth });
  const most = 2 ** (bitDepth - 1) - 1;
  const left = Float32Array.from(values, (value) => value / most);
  const bytes = encoder.encode(Array.from({ length: channels }, () => left)).slice();
  const file = Buffer.concat([bytes, encoder.flush()]);
  encoder.free();
  return Uint8Array.from(file);
}

async function decoded(bytes: Uint8Array<ArrayBuffer>): Promise<number[][]> {
  const channels: number[][] = [];
  for await (const part of decodeFlac(bytes)) {
    expect(part.sampleRate).toBe(RATE);
    part.channelData.forEach((data, index) => void (channels[index] ??= []).push(...data));
  }
  return channels;
}

test.each<[16 | 24, number]>([
  [16, 1],
  [16, 2],
  [24, 1],
])('every sample of %s bits comes back as it was (channels: %s)', async (bits, count) => {
  const channels = await decoded(await fileOf(bits, count));
  expect(channels).toHaveLength(count);
  for (const channel of channels) expect(channel.map((value) => value * 2 ** (bits - 1))).toEqual(values);
});

test('a tag behind the sound does not matter, damage in it does', async () => {
  const file = await fileOf(16, 1);
  const sized = Uint8Array.from(file);
  // How many samples there are: the encoder streams and does not say.
  new DataView(sized.buffer).setUint32(4 + 4 + 14, values.length);
  const tagged = Buffer.concat([sized, Buffer.from('TAG'), Buffer.alloc(125, 0x20)]);
  expect((await decoded(Uint8Array.from(tagged)))[0]).toHaveLength(values.length);
  const damaged = Uint8Array.from(file).fill(0x55, file.length - 9000, file.length - 5000);
  await expect(decoded(damaged)).rejects.toThrow('FLAC__STREAM_DECODER_ERROR');
});
