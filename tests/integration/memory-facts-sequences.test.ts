import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/base/errors.ts';
import { DISTIL_JOB } from '../../src/memory/conversation-jobs.ts';
import type { Pair } from '../../src/memory/pair-view.ts';
import { readTree } from './support/check-tree.ts';
import { MemoryHouse } from './support/memory-house.ts';
import { isFull, onPostgres } from './support/test-database.ts';

const RUNS = { full: onPostgres ? 20 : 100, sample: onPostgres ? 2 : 5 };
const runs = isFull ? RUNS.full : RUNS.sample;

const STATEMENTS = [
  'My sister Ana lives in Lyon.',
  'I was born in Porto in 1971.',
  "I'm allergic to peanuts.",
  'I have two cats, Nuki and Bela.',
  '我妹妹去年搬到成都当护士。',
  '我对花生过敏。',
  'What do you think of the rain?',
];

let memory: MemoryHouse;

beforeAll(async () => {
  // Replies say the same again, so that what a character says is read too.
  memory = await MemoryHouse.open({ otherwise: 'echo' });
});
afterAll(() => memory[Symbol.asyncDispose]());

const step = fc.record({
  what: fc.constantFrom('say', 'say', 'regenerate', 'edit', 'choose', 'delete', 'restore', 'hide', 'read'),
  pick: fc.nat({ max: 1000 }),
});
type Step = { what: string; pick: number };
const OPENING: readonly Step[] = [0, 4, 1].map((pick) => ({ what: 'say', pick }));

async function perform(conversationId: string, { what, pick }: Step): Promise<void> {
  const { app, owner } = memory.house;
  const actor = app.accounts.terminalActor;
  const tree = await readTree(app.storage.db, conversationId);
  const text = STATEMENTS[pick % STATEMENTS.length]!;
  const messageId = tree.nodes[pick % tree.nodes.length]!.id;
  switch (what) {
    case 'say':
      return void (await owner.talk(conversationId, text));
    case 'regenerate': {
      const { reply } = await app.replies.start(actor, conversationId, { kind: 'regenerate', messageId });
      return void (await owner.ended(conversationId, reply.id));
    }
    case 'edit':
      return void (await app.messages.edit(actor, messageId, { text }));
    case 'choose':
      return void (await app.messages.changes.choose(actor, conversationId, { messageId }));
    case 'delete':
    case 'restore':
      return void (await app.messages.changes.setDeleted(actor, messageId, what === 'delete'));
    case 'hide':
      return void (await app.messages.changes.setHidden(actor, messageId, pick % 2 === 0));
    default:
      return pick % 2 === 0 ? memory.settle() : memory.work();
  }
}

/** What counts, as the path tells it: words, sources, and what follows what. */
async function counting(pair: Pair) {
  const facts = await memory.counting(pair);
  const quoteOf = (id: string | null) => facts.find((fact) => fact.id === id)?.quote ?? null;
  return facts
    .map(({ about, text, quote, sources, replacesId, replacedById }) => ({
      about,
      text,
      quote,
      sources: sources.map(({ messageId }) => messageId).toSorted(),
      replaces: quoteOf(replacesId),
      replacedBy: quoteOf(replacedById),
    }))
    .toSorted((left, right) => `${left.quote}${left.about}`.localeCompare(`${right.quote}${right.about}`));
}

test(
  'after whatever is done in whatever order, the facts are those that reading everything anew gives',
  async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
        const { app } = memory.house;
        const { db } = app.storage;
        const { conversation, pair } = await memory.begin();
        // Something to be read in every run, whatever is drawn.
        for (const next of [...OPENING, ...steps]) {
          const refused = await perform(conversation.id, next).then(
            () => undefined,
            (error: unknown) => error,
          );
          expect(refused === undefined || refused instanceof AppError, String(refused)).toBe(true);
        }
        await memory.settle();
        const grown = await counting(pair);
        await db.deleteFrom('memoryFact').execute();
        await db.deleteFrom('memoryRead').execute();
        memory.facts.invalidate(pair);
        expect(await counting(pair)).toEqual([]);
        const conversations = await db.selectFrom('conversation').select('id').execute();
        for (const { id } of conversations) await app.memory.queue.add(db, { name: DISTIL_JOB, key: id, payload: {} });
        await memory.work();
        expect(await counting(pair)).toEqual(grown);
        seen += grown.length;
      }),
      { numRuns: runs },
    );
    expect(seen).toBeGreaterThan(0);
  },
  55_000 * (isFull ? 10 : 1),
);
