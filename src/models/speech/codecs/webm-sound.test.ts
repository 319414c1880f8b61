import { expect, test } from 'vitest';
import { NotReadHereError } from './decoded-part.ts';
import { element, webm } from './webm-fixture.ts';
import { readWebmSound } from './webm-sound.ts';

const head = Uint8Array.of(9, 8, 7);
const packets = [Uint8Array.of(1), Uint8Array.of(2, 2), Uint8Array.of(3, 3, 3)];
const lengths = (bytes: Uint8Array) => [...readWebmSound(bytes).packets].map((packet) => packet.length);

test.each([false, true])('the packets of the track of sound in their order (in groups: %s)', (grouped) => {
  const sound = readWebmSound(webm({ head, packets, grouped }));
  expect(sound).toMatchObject({ codec: 'A_OPUS', head });
  expect([...sound.packets].map((packet) => [...packet])).toEqual(packets.map((packet) => [...packet]));
});

test('a file that breaks off ends with its last whole packet, wherever it breaks', () => {
  const whole = webm({ head, packets });
  const last = whole.length - packets[2]!.length;
  for (let length = last; length < whole.length; length++) expect(lengths(whole.subarray(0, length))).toEqual([1, 2]);
  expect(lengths(webm({ head, packets: [] }))).toEqual([]);
  expect(() => readWebmSound(whole.subarray(0, 100))).toThrow('no track of sound');
});

test('what cannot be read here is said to be so, what is damaged is refused', () => {
  expect(() => readWebmSound(webm({ head, packets, more: element(0x6d80, head) }))).toThrow(NotReadHereError);
  expect(() => lengths(webm({ head, packets, flags: 0x04 }))).toThrow(NotReadHereError);
  expect(() => readWebmSound(element(0x1a45dfa3, head))).toThrow('no track of sound');
  expect(() => readWebmSound(Buffer.concat([element(0x1a45dfa3, head), Buffer.alloc(20)]))).toThrow('no element');
  expect(() => readWebmSound(element(0x1a45dfa3, head, null))).toThrow('without a length');
});
