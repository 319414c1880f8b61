import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mp3Decoder } from './mp3-decoder.ts';
import { Mp3Encoder, MP3_RATE } from './mp3-encoder.ts';
import { MP3_FIXTURES } from './mp3-fixtures.ts';

function decode(bytes: Uint8Array): { channels: Float32Array[]; sampleRate: number } {
  const parts = [...new Mp3Decoder().decode(bytes)];
  const channels = (parts[0]?.channelData ?? []).map((_, channel) =>
    Float32Array.from(parts.flatMap(({ channelData }) => [...(channelData[channel] ?? [])])),
  );
  return { channels, sampleRate: parts[0]?.sampleRate ?? 0 };
}

test.each(MP3_FIXTURES)('$name: what others wrote is heard as others hear it', ({ base64, heard, ...expected }) => {
  const { channels, sampleRate } = decode(Buffer.from(base64, 'base64'));
  expect(sampleRate).toBe(expected.sampleRate);
  expect(channels.map(({ length }) => length)).toEqual(heard.map(() => expected.samples));
  for (const [index, channel] of channels.entries()) {
    const taken = [...channel].filter((_, at) => at % 97 === 50);
    for (const [at, value] of taken.entries()) expect(value).toBeCloseTo(heard[index]?.[at] ?? Number.NaN, 3);
  }
});

/** Decibels between a sound and what is wrong with it, where it comes so many samples later. */
function clarity(sound: Float32Array, heard: Float32Array, later: number): number {
  let power = 0;
  let wrong = 0;
  for (let at = 2000; at < sound.length - 2000; at += 1) {
    power += (sound[at] ?? 0) ** 2;
    wrong += ((heard[at + later] ?? 0) - (sound[at] ?? 0)) ** 2;
  }
  return 10 * Math.log10(power / wrong);
}

/** Samples by which analysis and synthesis hold sound back. */
const DELAY = 1057;

test('what the house writes is heard again, clearly, loud and soft, in whole pieces or small ones', () => {
  const voice = Float32Array.from({ length: MP3_RATE }, (_, at) => {
    const tone = Math.sin((2 * Math.PI * (180 + at / 200) * at) / MP3_RATE);
    return 0.7 * tone * tone * tone + 0.05 * Math.sin((2 * Math.PI * 5000 * at) / MP3_RATE);
  });
  for (const level of [1.3, 0.01]) {
    const sound = voice.map((value) => value * level);
    const encoder = new Mp3Encoder();
    const whole = Buffer.concat([encoder.push(sound), encoder.end()]);
    const inPieces = new Mp3Encoder();
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < sound.length; at += 331) pieces.push(inPieces.push(sound.subarray(at, at + 331)));
    expect(Buffer.concat([...pieces, inPieces.end()]).equals(whole)).toBe(true);
    const { channels, sampleRate } = decode(whole);
    expect(sampleRate).toBe(MP3_RATE);
    expect(channels[0]?.length).toBeGreaterThan(sound.length + DELAY);
    expect(clarity(sound, channels[0] ?? new Float32Array(0), DELAY)).toBeGreaterThan(level < 1 ? 30 : 12);
  }
  // 64 kilobits a second.
  const encoder = new Mp3Encoder();
  expect(Buffer.concat([encoder.push(voice), encoder.end()]).length).toBeLessThan(8600);
});

test('noise as loud as it can be fits its frames', () => {
  let seed = 1;
  const noise = Float32Array.from({ length: 6000 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647) * 2 - 1;
  });
  const encoder = new Mp3Encoder();
  const [heard] = decode(Buffer.concat([encoder.push(noise), encoder.end()])).channels;
  expect(clarity(noise, heard ?? new Float32Array(0), DELAY)).toBeGreaterThan(8);
});

test('bytes that are damaged, cut or none of it end without a fault', () => {
  const whole = Buffer.from(MP3_FIXTURES[0]?.base64 ?? '', 'base64');
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 60 });
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (changes, length) => {
      const bytes = Uint8Array.from(whole.subarray(0, length));
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      for (const { channelData } of new Mp3Decoder().decode(bytes)) {
        for (const channel of channelData) expect(channel.every((value) => Math.abs(value) <= 1)).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
  expect([...new Mp3Decoder().decode(new Uint8Array(5000).fill(0xff))]).toEqual([]);
});
