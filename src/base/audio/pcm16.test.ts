import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidInputError } from '../errors.ts';
import { floatToPcm16, pcm16Bytes, pcm16FromBytes, pcm16ToFloat } from './pcm16.ts';

test('every sample survives the way to floats and bytes and back', () => {
  fc.assert(
    fc.property(fc.int16Array({ min: -32_767 }), (pcm) => {
      expect(floatToPcm16(pcm16ToFloat(pcm))).toEqual(pcm);
      expect(pcm16FromBytes(pcm16Bytes(pcm))).toEqual(pcm);
    }),
  );
});

test('bytes are little-endian, and read from any place in a buffer', () => {
  expect([...pcm16Bytes(Int16Array.of(0x1234, -2))]).toEqual([0x34, 0x12, 0xfe, 0xff]);
  expect([...pcm16FromBytes(Uint8Array.of(9, 0x34, 0x12).subarray(1))]).toEqual([0x1234]);
});

test('what is too loud is clipped, what is no number is silent', () => {
  expect([...floatToPcm16(Float32Array.of(2, -2, Number.NaN, Infinity))]).toEqual([32_767, -32_767, 0, 32_767]);
  expect([...pcm16ToFloat(Int16Array.of(-32_768))]).toEqual([-1]);
});

test('half a sample is refused', () => {
  expect(() => pcm16FromBytes(new Uint8Array(3))).toThrow(InvalidInputError);
});

test('bytes that lie in shared memory are read from where they are', () => {
  const base64 = Buffer.from(pcm16Bytes(Int16Array.from([1, -2, 300]))).toString('base64');
  Buffer.from('other bytes of the same pool');
  expect([...pcm16FromBytes(Buffer.from(base64, 'base64'))]).toEqual([1, -2, 300]);
});
