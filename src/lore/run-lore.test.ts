import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loreEntrySchema, lorebookBodySchema, type LoreMode } from '../../contract/lore.ts';
import { bookOf, cutReasons, firedUids, messagesOf, run } from './conformance/lore-case.ts';
import { loreStateSchema } from './lore-state.ts';
import type { LoreBookInUse, LoreResult } from './run-lore.ts';

const words = fc.constantFrom('cat', 'dog', 'bird', '北京', 'red', '/c.t/', '/(?=d)dog/', '{{char}}', 'a b');
const lines = fc.array(words, { maxLength: 6 }).map((list) => list.join(' '));
const decorators = fc.constantFrom(
  '',
  '',
  '',
  '@@depth 2\n',
  '@@activate\n',
  '@@dont_activate\n',
  '@@ignore_on_max_context\n',
  '@@keep_activate_after_match\n',
  '@@position scenario\n',
  '@@x\n@@@depth 1\n',
);
const entries = fc.record(
  {
    keys: fc.array(words, { maxLength: 3 }),
    secondaryKeys: fc.array(words, { maxLength: 2 }),
    selective: fc.boolean(),
    selectiveLogic: fc.constantFrom('and-any', 'not-all', 'not-any', 'and-all'),
    content: fc.tuple(decorators, lines).map((parts) => parts.join('')),
    enabled: fc.boolean(),
    constant: fc.boolean(),
    order: fc.integer({ min: -5, max: 5 }),
    priority: fc.option(fc.integer({ min: 0, max: 5 })),
    position: fc.constantFrom('before-char', 'after-char', 'at-depth', 'outlet', 'note-top'),
    useRegex: fc.boolean(),
    probability: fc.integer({ min: 0, max: 100 }),
    group: fc.constantFrom('', '', 'g', 'g, h'),
    groupOverride: fc.boolean(),
    groupWeight: fc.integer({ min: -1, max: 100 }),
    useGroupScoring: fc.option(fc.boolean()),
    excludeRecursion: fc.boolean(),
    preventRecursion: fc.boolean(),
    delayUntilRecursion: fc.integer({ min: 0, max: 3 }),
    sticky: fc.option(fc.integer({ min: 0, max: 3 })),
    cooldown: fc.option(fc.integer({ min: 0, max: 3 })),
    delay: fc.option(fc.integer({ min: 0, max: 5 })),
    scanDepth: fc.option(fc.integer({ min: 0, max: 5 })),
  },
  { requiredKeys: ['keys', 'content'] },
);
const books = fc
  .record({
    mode: fc.constantFrom<LoreMode>('spec', 'st'),
    source: fc.constantFrom<LoreBookInUse['source']>('chat', 'persona', 'character', 'global'),
    tokenBudget: fc.option(fc.integer({ min: 0, max: 20 })),
    recursiveScanning: fc.option(fc.boolean()),
    entries: fc.array(entries, { maxLength: 12 }),
  })
  .map(({ mode, source, tokenBudget, recursiveScanning, entries }): Omit<LoreBookInUse, 'id' | 'name'> => ({
    source,
    body: lorebookBodySchema.parse({
      mode,
      tokenBudget,
      recursiveScanning,
      entries: entries.map((entry, index) => loreEntrySchema.parse({ ...entry, uid: String(index) })),
    }),
  }));
const cases = fc.record({
  books: fc
    .array(books, { maxLength: 4 })
    .map((list) => list.map((book, index) => ({ ...book, id: `b${index}`, name: '' }))),
  texts: fc.array(lines, { maxLength: 6 }),
  budget: fc.integer({ min: 1, max: 30 }),
  minActivations: fc.integer({ min: 0, max: 4 }),
  steps: fc.integer({ min: 0, max: 3 }),
  recursive: fc.boolean(),
  seed: fc.nat(),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

async function play({ books, texts, budget, minActivations, steps, recursive, seed }: Case): Promise<LoreResult[]> {
  let stream = seed;
  const random = () => {
    stream = (Math.imul(stream, 1_103_515_245) + 12_345) >>> 0;
    return stream / 2 ** 32;
  };
  const settings = {
    world_info_budget_cap: budget,
    world_info_min_activations: minActivations,
    world_info_max_recursion_steps: steps,
    world_info_recursive: recursive,
  };
  const results: LoreResult[] = [];
  for (let count = 1; count <= texts.length; count += 1) {
    const state = results.at(-1)?.state;
    results.push(
      await run(books, messagesOf(...texts.slice(0, count)), {
        settings,
        random,
        ...(state ? { state } : {}),
      }),
    );
  }
  return results;
}

const numRuns = process.env['EVERWITH_FULL'] === '1' ? 5000 : 100;

test('the budget is never exceeded but by entries that ignore it, and a book’s own by none', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (played) => {
      for (const { budget, used, placements } of await play(played)) {
        expect(budget).toBe(played.budget);
        expect(used).toBe(placements.reduce((sum, { tokens }) => sum + tokens, 0));
        const bodies = new Map(played.books.map(({ id, body }) => [id, body]));
        const bound = placements.filter(({ bookId, uid }) => {
          const body = bodies.get(bookId);
          return body?.mode === 'spec' || !body?.entries.find((entry) => entry.uid === uid)?.ignoreBudget;
        });
        expect(bound.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budget);
        for (const [id, body] of bodies) {
          if (body.mode !== 'spec' || body.tokenBudget === null) continue;
          const own = placements.filter(({ bookId }) => bookId === id);
          expect(own.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(body.tokenBudget);
        }
      }
    }),
    { numRuns },
  );
});

test('the same seed and input give the same result, each entry at most once, and a state that is plain JSON', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (played) => {
      const results = await play(played);
      expect(await play(played)).toEqual(results);
      for (const { fired, cut, placements, state } of results) {
        const fullNames = fired.map(({ bookId, uid }) => `${bookId} ${uid}`);
        expect(new Set(fullNames).size).toBe(fullNames.length);
        expect(placements.map(({ bookId, uid }) => `${bookId} ${uid}`)).toEqual(fullNames);
        expect(cut.filter(({ bookId, uid }) => fullNames.includes(`${bookId} ${uid}`))).toEqual([]);
        expect(loreStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
      }
    }),
    { numRuns },
  );
});

test.each(['spec', 'st'] as const)('entries that trigger each other in a ring end (mode %s)', async (mode) => {
  const ring = Array.from({ length: 90 }, (_, index) => ({
    keys: [`k${index}`],
    content: `k${(index + 1) % 90}`,
  }));
  const { fired } = await run(bookOf(mode, ring), 'k0', { contextLength: 1_000_000 });
  expect(fired).toHaveLength(90);
});

test('both modes share one budget: spec first, then SillyTavern’s engine fills what is left', async () => {
  const books = [
    bookOf(
      'st',
      [
        { constant: true, content: 'st st' },
        { constant: true, content: 'st2 st2', order: 1 },
      ],
      { id: 'st' },
    ),
    bookOf('spec', [{ constant: true, content: 'spec spec spec' }], { id: 'spec' }),
  ];
  const result = await run(books, 'x', { settings: { world_info_budget_cap: 6 } });
  expect(result.fired.map(({ bookId, uid }) => `${bookId} ${uid}`).sort()).toEqual(['spec 0', 'st 0']);
  expect(result).toMatchObject({ budget: 6, used: 5 });
});

test('entries of one mode do not trigger those of the other', async () => {
  const books = [
    bookOf('st', [{ constant: true, content: 'dog' }, { keys: ['bird'] }], { id: 'st' }),
    bookOf('spec', [{ constant: true, content: 'bird' }, { keys: ['dog'] }], { id: 'spec' }),
  ];
  expect(firedUids(await run(books, 'x'))).toEqual(['0', '0']);
});

test.each(['spec', 'st'] as const)(
  'a hostile expression is cut as such, and the rest fires (mode %s)',
  async (mode) => {
    const key = '/(?=a)(a+)+$/';
    const book = bookOf(mode, [{ keys: [key], useRegex: true }, { keys: ['dog'] }]);
    const result = await run(book, messagesOf(`${'a'.repeat(4000)}b dog`));
    expect(firedUids(result)).toEqual(['1']);
    expect(cutReasons(result)).toEqual(['0 regex-timeout']);
  },
);

test('accents are folded where a book asks for it', async () => {
  for (const mode of ['spec', 'st'] as const) {
    const book = (foldAccents: boolean) => bookOf(mode, [{ keys: ['cafe'] }], { body: { foldAccents } });
    expect(firedUids(await run(book(false), 'a café'))).toEqual([]);
    expect(firedUids(await run(book(true), 'a café'))).toEqual(['0']);
  }
});

test('messages that were not handed in still count', async () => {
  const book = bookOf('st', [{ constant: true, delay: 10 }]);
  expect(firedUids(await run(book, messagesOf('a', 'b'), { earlierMessages: 8 }))).toEqual(['0']);
});
