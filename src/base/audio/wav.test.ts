import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError, InvalidInputError, TooLargeError } from '../errors.ts';
import { decodeWav, encodeWav, openWavHeader } from './wav.ts';

interface Parts {
  kind?: number;
  channels?: number;
  sampleRate?: number;
  bits?: number;
  data?: Uint8Array;
  dataLength?: number;
  before?: Uint8Array;
}

function chunk(tag: string, body: Uint8Array, length = body.length): Uint8Array {
  const bytes = new Uint8Array(8 + body.length + (body.length % 2));
  bytes.set(new TextEncoder().encode(tag));
  new DataView(bytes.buffer).setUint32(4, length, true);
  bytes.set(body, 8);
  return bytes;
}

function wav({ kind = 1, channels = 1, sampleRate = 16_000, bits = 16, ...parts }: Parts): Uint8Array {
  const format = new DataView(new ArrayBuffer(16));
  format.setUint16(0, kind, true);
  format.setUint16(2, channels, true);
  format.setUint32(4, sampleRate, true);
  format.setUint32(8, (sampleRate * channels * bits) / 8, true);
  format.setUint16(12, (channels * bits) / 8, true);
  format.setUint16(14, bits, true);
  const data = parts.data ?? new Uint8Array(0);
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    parts.before ?? new Uint8Array(0),
    chunk('fmt ', new Uint8Array(format.buffer)),
    chunk('data', data, parts.dataLength),
  ]);
  return chunk('RIFF', body);
}

function bytesOf(array: Int16Array | Int32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer);
}

describe('WAV', () => {
  test('what was written is read, to the precision of 16 bits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: 1, noNaN: true })),
        fc.constantFrom(8_000, 16_000, 24_000, 44_100),
        (values, sampleRate) => {
          const samples = Float32Array.from(values);
          const read = decodeWav(encodeWav({ samples, sampleRate }));
          expect(read.sampleRate).toBe(sampleRate);
          expect(read.samples.length).toBe(samples.length);
          for (const [index, sample] of samples.entries()) {
            expect(Math.abs((read.samples[index] ?? 9) - sample)).toBeLessThan(1 / 32_767);
          }
        },
      ),
    );
  });

  test.each([
    ['8 bit', { bits: 8, data: Uint8Array.of(128, 255, 65) }, [0, 1, -63 / 127]],
    ['16 bit', { data: bytesOf(Int16Array.of(0, 32_767, -16_384)) }, [0, 1, -16_384 / 32_767]],
    ['24 bit', { bits: 24, data: Uint8Array.of(0, 0, 0x40, 0, 0, 0xc0, 1, 0, 0) }, [0.5, -0.5, 1 / 2 ** 23]],
    ['32 bit', { bits: 32, data: bytesOf(Int32Array.of(2 ** 30, -(2 ** 31))) }, [0.5, -1]],
    ['float', { kind: 3, bits: 32, data: bytesOf(Float32Array.of(0.5, -3, Number.NaN)) }, [0.5, -1, 0]],
    ['double', { kind: 3, bits: 64, data: bytesOf(Float64Array.of(0.25)) }, [0.25]],
    ['stereo', { channels: 2, data: bytesOf(Int16Array.of(32_767, 0, 0, 0)) }, [0.5, 0]],
    ['a chunk before the format', { before: chunk('LIST', new Uint8Array(3)), data: new Uint8Array(2) }, [0]],
    ['a length nobody knew', { data: bytesOf(Int16Array.of(32_767)), dataLength: 0xffffffff }, [1]],
  ] satisfies [string, Parts, number[]][])('reads %s', (_name, parts, samples) => {
    const read = [...decodeWav(wav(parts)).samples];
    expect(read.length).toBe(samples.length);
    for (const [index, sample] of samples.entries()) expect(read[index]).toBeCloseTo(sample, 6);
  });

  test.each([
    ['another file', new TextEncoder().encode('ID3 this is no WAV file at all')],
    ['nothing', new Uint8Array(0)],
    ['only a head', encodeWav({ samples: new Float32Array(4), sampleRate: 8_000 }).subarray(0, 30)],
    ['a cut file', encodeWav({ samples: new Float32Array(400), sampleRate: 8_000 }).subarray(0, 300)],
    ['no channels', wav({ channels: 0 })],
    ['a thousand channels', wav({ channels: 1_000 })],
    ['12 bits', wav({ bits: 12 })],
    ['a sample rate of 1', wav({ sampleRate: 1 })],
    ['μ-law', wav({ kind: 7, bits: 8 })],
    ['empty chunks without end', wav({ before: Buffer.concat(Array(2_000).fill(chunk('junk', new Uint8Array(0)))) })],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeWav(bytes)).toThrow(InvalidInputError);
  });

  test('refuses what is larger or longer than asked', () => {
    const bytes = encodeWav({ samples: new Float32Array(8_000), sampleRate: 8_000 });
    expect(() => decodeWav(bytes, { maxBytes: 1_000 })).toThrow(TooLargeError);
    expect(() => decodeWav(bytes, { maxSeconds: 0.5 })).toThrow(TooLargeError);
    expect(decodeWav(bytes, { maxSeconds: 1 }).samples.length).toBe(8_000);
  });

  test('arbitrary bytes behind a head give an error of ours or sound, never a crash', () => {
    const head = encodeWav({ samples: new Float32Array(64), sampleRate: 8_000 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(80), (noise, at) => {
        const bytes = head.slice();
        bytes.set(noise, at);
        try {
          for (const sample of decodeWav(bytes).samples) expect(Math.abs(sample)).toBeLessThanOrEqual(1);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }),
    );
  });
});

test('sound that was sent while it was made is read to its end', () => {
  const pcm = encodeWav({ samples: new Float32Array(100).fill(0.5), sampleRate: 24_000 }).subarray(44);
  const file = Uint8Array.from([...openWavHeader(24_000), ...pcm]);
  const { samples, sampleRate } = decodeWav(file);
  expect(sampleRate).toBe(24_000);
  expect(samples).toHaveLength(100);
});
