import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { sampleDocx, sampleEpub, samplePdf, sampleZip } from '../../../tests/support/sample-files.ts';
import { cutPassages, roughTokens } from './cut-passages.ts';
import { detectFile } from './detect-file.ts';
import { FileReader } from './file-reader.ts';
import { readFileText } from './read-file.ts';
import type { ReadableKind } from './file-text.ts';

const folder = await mkdtemp(join(tmpdir(), 'everwith-files-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (bytes: Uint8Array, kind: ReadableKind, isMarkdown = false) => readFileText(bytes, { kind, isMarkdown });
const faultOf = (bytes: Uint8Array, kind: ReadableKind) =>
  read(bytes, kind).then(
    () => 'none',
    (error: unknown) => (error as { fault: string }).fault,
  );

test('kinds are told by the bytes, whatever the name says', async () => {
  const epub = await sampleEpub([{ title: 'One', text: 'Words' }]);
  const docx = await sampleDocx([{ heading: 'One', text: 'Words' }]);
  expect(await detectFile(samplePdf([['Hello']]), 'notes.txt')).toMatchObject({ file: { kind: 'pdf' } });
  expect(await detectFile(epub, 'x')).toMatchObject({ file: { kind: 'epub' } });
  expect(await detectFile(docx, 'x.pdf')).toMatchObject({ file: { kind: 'docx' } });
  expect(await detectFile(Buffer.from('# A'), 'a.md')).toMatchObject({ file: { kind: 'text', isMarkdown: true } });
  expect(await detectFile(Buffer.from('{"a":1}'), 'a.json')).toMatchObject({ file: { kind: 'text' } });
  expect(await detectFile(await sampleZip({ a: 'b' }), 'a.txt')).toEqual({ file: null, mediaType: 'application/zip' });
});

test('a PDF is read page by page', async () => {
  const sections = await read(samplePdf([['The lamp is lit at dusk.'], ['The tide turns at four.']]), 'pdf');
  expect(sections).toEqual([
    { placeKind: 'page', place: '1', text: 'The lamp is lit at dusk.' },
    { placeKind: 'page', place: '2', text: 'The tide turns at four.' },
  ]);
});

test('a book is read in the order of its spine, without scripts', async () => {
  const sections = await read(
    await sampleEpub([
      { title: 'The Lamp', text: 'It burns.' },
      { title: '第二章', text: '潮水退了。' },
    ]),
    'epub',
  );
  expect(sections).toEqual([
    { placeKind: 'chapter', place: 'The Lamp', text: 'The Lamp\n\nIt burns.' },
    { placeKind: 'chapter', place: '第二章', text: '第二章\n\n潮水退了。' },
  ]);
});

test('a Word document is read by its headings', async () => {
  const sections = await read(await sampleDocx([{ heading: 'Oil', text: 'Whale oil until 1860.' }]), 'docx');
  expect(sections).toEqual([{ placeKind: 'heading', place: 'Oil', text: 'Oil\n\nWhale oil until 1860.' }]);
});

test('markdown is read by its headings, not by those in code', async () => {
  const sections = await read(Buffer.from('Start\n\n# One\nText\n```\n# no heading\n```\n## Two\nMore'), 'text', true);
  expect(sections.map(({ place }) => place)).toEqual(['', 'One', 'Two']);
});

test('text in Chinese encodings is understood, and what is none is not', async () => {
  const gbk = Buffer.from([0xb3, 0xb1, 0xcb, 0xae, 0xcd, 0xcb, 0xc1, 0xcb]);
  expect((await read(gbk, 'text'))[0]?.text).toBe('潮水退了');
  expect((await read(Buffer.from('\ufeff潮水', 'utf16le'), 'text'))[0]?.text).toBe('潮水');
  expect(await faultOf(Buffer.from([0, 1, 2, 3, 0, 0]), 'text')).toBe('binary');
  expect(await faultOf(Buffer.from(' \n'), 'text')).toBe('no-text');
});

test('what is wrong with a file is told by its name', async () => {
  expect(await faultOf(samplePdf([['Secret']], { encrypted: true }), 'pdf')).toBe('encrypted');
  expect(await faultOf(samplePdf([[], [], []]), 'pdf')).toBe('scanned');
  expect(await faultOf(samplePdf([['Hello']]).subarray(0, 40), 'pdf')).toBe('damaged');
  const epub = await sampleEpub([{ title: 'A', text: 'B' }]);
  expect(await faultOf(epub.subarray(0, epub.length - 40), 'epub')).toBe('damaged');
  const locked = {
    'META-INF/encryption.xml': '<x><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></x>',
  };
  expect(await faultOf(await sampleEpub([{ title: 'A', text: 'B' }], locked), 'epub')).toBe('encrypted');
  expect(await faultOf(await sampleZip({ 'word/other.xml': 'x' }), 'docx')).toBe('damaged');
});

test('a chapter that unpacks to far more than its size is refused', async () => {
  const bomb = await sampleEpub([{ title: 'A', text: 'x'.repeat(30_000_000) }]);
  expect(bomb.length).toBeLessThan(100_000);
  expect(await faultOf(bomb, 'epub')).toBe('too-large-unpacked');
});

test('a chapter that lies about its size is refused', async () => {
  const epub = await sampleEpub([{ title: 'A', text: 'y'.repeat(5000) }]);
  const packed = deflateRawSync(Buffer.from('y'));
  // The list of files says a few bytes; the data says more.
  const at = epub.lastIndexOf(Buffer.from('OPS/c0.xhtml')) - 46;
  epub.writeUInt32LE(packed.length, at + 24);
  expect(await faultOf(epub, 'epub')).toBe('damaged');
});

test('a file is read beside the house, and nothing of it stays', async () => {
  const reader = new FileReader({ folder });
  const { signal } = new AbortController();
  const sections = await reader.read({
    bytes: samplePdf([['The lamp is lit.']]),
    kind: 'pdf',
    isMarkdown: false,
    signal,
  });
  expect(sections).toEqual([{ placeKind: 'page', place: '1', text: 'The lamp is lit.' }]);
  const damaged = reader.read({ bytes: Buffer.from('%PDF-1.4'), kind: 'pdf', isMarkdown: false, signal });
  await expect(damaged).rejects.toMatchObject({ fault: 'damaged' });
  expect(await readdir(folder)).toEqual([]);
});

test('a file that takes too long costs its upload only', async () => {
  const reader = new FileReader({ folder, patienceInMs: 1 });
  const { signal } = new AbortController();
  const slow = reader.read({ bytes: Buffer.from('words'), kind: 'text', isMarkdown: false, signal });
  await expect(slow).rejects.toMatchObject({ fault: 'too-slow' });
  expect(await readdir(folder)).toEqual([]);
});

test('passages are small, keep every letter and know their place', () => {
  const english = 'The lamp was lit at dusk by the keeper. '.repeat(200);
  const chinese = '灯塔的灯在黄昏时点亮，守塔人记下风向。'.repeat(100);
  const passages = cutPassages([
    { placeKind: 'page', place: '1', text: english },
    { placeKind: 'page', place: '2', text: chinese },
    { placeKind: 'lines', place: '', text: 'key,value\n'.repeat(300) },
  ]);
  for (const { text } of passages) expect(roughTokens(text)).toBeLessThanOrEqual(330);
  const joined = (page: string) =>
    passages
      .filter(({ place }) => place === page)
      .map(({ text }) => text)
      .join('')
      .trimEnd();
  expect(joined('1')).toBe(english.trimEnd());
  expect(joined('2')).toBe(chinese);
  expect(passages.map(({ position }) => position)).toEqual(passages.map((_, index) => index));
  const lines = passages.filter(({ placeKind }) => placeKind === 'lines').map(({ place }) => place);
  expect(lines[0]).toMatch(/^1–\d+$/);
  expect(lines.at(-1)).toMatch(/–300$/);
});
