import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAudioFrame, encodeAudioFrame } from './binary-frame.ts';

test('a frame comes out as it went in, wherever it lies in memory', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('reply' as const, 'microphone' as const),
      fc.nat(0xffff),
      fc.nat(0xffff_ffff),
      fc.int16Array({ maxLength: 500 }),
      fc.nat(3),
      (kind, index, position, samples, offset) => {
        const bytes = encodeAudioFrame({ kind, index, position, samples });
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(decodeAudioFrame(moved.subarray(offset))).toEqual({ kind, index, position, samples });
      },
    ),
  );
});

test('any bytes are a frame or a fault in words', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const frame = decodeAudioFrame(bytes);
      const said = 'fault' in frame ? frame.fault.length > 0 : frame.samples.length === (bytes.length - 8) / 2;
      expect(said).toBe(true);
    }),
  );
  expect(decodeAudioFrame(new Uint8Array(7))).toHaveProperty('fault');
  expect(decodeAudioFrame(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 5]))).toHaveProperty('fault');
  expect(decodeAudioFrame(new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0]))).toHaveProperty('fault');
});
