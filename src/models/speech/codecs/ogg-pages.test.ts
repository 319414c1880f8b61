import { expect, test } from 'vitest';
import { oggPage } from './ogg-page-fixture.ts';
import { readOggPages } from './ogg-pages.ts';

const packet = (length: number, byte: number) => new Uint8Array(length).fill(byte);
const pages = (...parts: Uint8Array[]) => [...readOggPages(Buffer.concat(parts))];

test('packets are those that end on a page, also when they take more than one', () => {
  const long = packet(600, 7);
  const [first, second, third] = pages(
    oggPage({
      lacing: [3, 0, 255],
      body: Buffer.concat([packet(3, 1), long.subarray(0, 255)]),
      granule: 10,
      begins: true,
    }),
    oggPage({ lacing: [255], body: long.subarray(255, 510), granule: -1, continued: true }),
    oggPage({
      lacing: [90, 2],
      body: Buffer.concat([long.subarray(510), packet(2, 9)]),
      granule: 30,
      continued: true,
      ends: true,
    }),
  );
  expect(first).toMatchObject({ begins: true, ends: false, granule: 10, serial: 1 });
  expect(first?.packets.map((bytes) => bytes.length)).toEqual([3, 0]);
  expect(second).toMatchObject({ granule: null, packets: [] });
  expect(third).toMatchObject({ ends: true, granule: 30 });
  expect(third?.packets.map((bytes) => [bytes.length, bytes[0]])).toEqual([
    [600, 7],
    [2, 9],
  ]);
});

test('a length of 255 goes on, with nothing where the packet is that long', () => {
  const [page] = pages(oggPage({ lacing: [255, 0, 4], body: packet(259, 5) }));
  expect(page?.packets.map((bytes) => bytes.length)).toEqual([255, 4]);
});

test('streams in one file do not mix, and what has no beginning or no end is dropped', () => {
  const found = pages(
    oggPage({ lacing: [5], body: packet(5, 3), continued: true }),
    oggPage({ lacing: [255], body: packet(255, 1), serial: 1 }),
    oggPage({ lacing: [4], body: packet(4, 2), serial: 2 }),
    oggPage({ lacing: [1], body: packet(1, 1), serial: 1, continued: true }),
    oggPage({ lacing: [255], body: packet(255, 8), serial: 1 }),
    oggPage({ lacing: [6], body: packet(6, 9), serial: 1 }),
    oggPage({ lacing: [7], body: packet(7, 9), serial: 1, continued: true }),
  );
  expect(found.map((page) => page.packets.map((bytes) => [bytes.length, bytes[0]]))).toEqual([
    [],
    [],
    [[4, 2]],
    [[256, 1]],
    [],
    [[6, 9]],
    [],
  ]);
});

test('a file that breaks off ends with its last whole page, wherever it breaks', () => {
  const whole = oggPage({ lacing: [3], body: packet(3, 1) });
  const cut = oggPage({ lacing: [200, 100], body: packet(300, 2) });
  for (let length = 0; length < cut.length; length++) expect(pages(whole, cut.subarray(0, length))).toHaveLength(1);
});

test('what is no page where one must stand is refused', () => {
  const page = oggPage({ lacing: [3], body: packet(3, 1) });
  expect(() => pages(page, packet(40, 1))).toThrow('no page');
  expect(() =>
    pages(
      page,
      Uint8Array.from(page, (byte, index) => (index === 4 ? 1 : byte)),
    ),
  ).toThrow('no page');
  const open = (serial: number) => oggPage({ lacing: [255], body: packet(255, 1), serial });
  expect(() => pages(...Array.from({ length: 40 }, (_, serial) => open(serial)))).toThrow('too many');
});
