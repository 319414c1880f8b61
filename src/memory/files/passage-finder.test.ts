import { documentAccount } from './document-account.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samplePdf } from '../../../tests/support/sample-files.ts';
import { openTestStorage, type TestStorage } from '../../../tests/support/open-test-storage.ts';
import { insertAttachment } from '../../conversation/attachment-store.ts';
import { cutPassages } from '../../conversation/files/cut-passages.ts';
import { readFileText } from '../../conversation/files/read-file.ts';
import { PassageFinder } from './passage-finder.ts';

/** What a page tells, and how somebody asks for it in other words. */
const FACTS: [fact: string, question: string][] = [
  ['The foghorn was bought in 1931 from a yard in Leith.', 'When did they buy the foghorn?'],
  ['Keeper Edwin Pike broke his knee on the hundredth step.', 'Who hurt a knee on the stairs?'],
  ['Whale oil was replaced by paraffin in 1860.', 'What was burned after whale oil?'],
  ['The lens has 1,176 prisms and weighs five tons.', 'How heavy is the lens?'],
  ['The cat Bosun arrived on a kitchen table during a storm.', 'How did the cat come to the rock?'],
  ['Letters were delivered every second Tuesday by the boat Marguerite.', 'Which boat brought the letters?'],
  ['In the winter of 1947 the sea froze as far as the reef.', 'In which winter did the sea freeze?'],
  ['The red logbook holds two hundred and six storm stories.', 'How many stories are in the red logbook?'],
  ['Sallow Haven has an inn called the Blind Gull.', 'What is the inn in Sallow Haven called?'],
  ['The board offered eleven pounds for an automatic lamp.', 'What did the board offer for the automatic lamp?'],
];
const PAGES = 30;

let opened: TestStorage;
beforeAll(async () => {
  opened = await openTestStorage();
});
afterAll(() => opened[Symbol.asyncDispose]());

test('of a book of thirty pages, the page that holds the answer is among the first passages', async () => {
  const { storage } = opened;
  const pages = Array.from({ length: PAGES }, (_, page) => [
    ...Array.from(
      { length: 14 },
      (_unused, line) => `Day ${page}-${line}: wind westerly, sea moderate, lamp lit at dusk.`,
    ),
    ...(page % 3 === 1 ? [FACTS[(page - 1) / 3]?.[0] ?? ''] : []),
    'Nothing else was seen from the gallery, and the watch was handed over.',
  ]);
  const passages = cutPassages(await readFileText(samplePdf(pages), { kind: 'pdf', isMarkdown: false }));
  const record = {
    id: 'book',
    conversationId: 'c',
    uploaderId: 'u',
    name: 'log.pdf',
    kind: 'pdf' as const,
    mediaType: 'application/pdf',
    size: 1,
    hash: '0'.repeat(64),
    width: null,
    height: null,
    alt: '',
    sections: PAGES,
    passages: passages.length,
    characters: 1,
    createdAt: 0,
  };
  await storage.transaction((trx) => insertAttachment(trx, { record, passages }));
  const finder = new PassageFinder({ db: storage.db, meaning: null });
  const { signal } = new AbortController();
  const places = await Promise.all(
    FACTS.map(async ([, question], index) => {
      const query = { texts: [{ text: question, weight: 1 }], now: 0, timeZone: 'UTC', names: [] };
      const account = documentAccount({ userId: 'ann', conversationId: 'c' });
      const found = await finder.find([record], { query, account, limit: 3, spoken: false, signal });
      return found.findIndex(({ place }) => place === String(index * 3 + 2));
    }),
  );
  expect(places.filter((place) => place >= 0).length, `places: ${places.join(' ')}`).toBeGreaterThanOrEqual(9);
  expect(places.filter((place) => place === 0).length, `places: ${places.join(' ')}`).toBeGreaterThanOrEqual(7);
});
