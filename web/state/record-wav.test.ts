import { expect, test } from 'vitest';
import { encodeWav } from './record-wav.ts';
import { toBase64 } from './to-base64.ts';

test('a recording is a WAV file of 16 bit at 24 kHz, loud samples clipped', () => {
  const bytes = encodeWav(Float32Array.from([0, 0.5, -0.5, 2, -2]));
  const view = new DataView(bytes.buffer);
  expect(String.fromCharCode(...bytes.subarray(0, 4), ...bytes.subarray(8, 16))).toBe('RIFFWAVEfmt ');
  expect([view.getUint32(24, true), view.getUint16(34, true), view.getUint32(40, true)]).toEqual([24_000, 16, 10]);
  const samples = [0, 1, 2, 3, 4].map((index) => view.getInt16(44 + index * 2, true));
  expect(samples).toEqual([0, 16_384, -16_383, 32_767, -32_767]);
});

test('long files have no limit of arguments', () => {
  const text = atob(toBase64(new Uint8Array(300_001).fill(7)));
  expect([text.length, text.codePointAt(300_000)]).toEqual([300_001, 7]);
});
