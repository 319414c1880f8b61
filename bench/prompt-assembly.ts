import { unbilled } from '../tests/support/unbilled.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { appendToPath } from '../src/conversation/conversation-tree.ts';
import { createScriptedModel } from '../src/models/scripted/scripted-model.ts';
import { openStorage } from '../src/storage/storage.ts';
import { createTurnRunner } from '../src/turn/run-turn.ts';
import { assembleNaively } from './prompt/naive-assembly.ts';
import { furnish, placeName, placesBook, say, turnAt } from './prompt/lore-talk.ts';
import { median, printFigure } from './report/figure.ts';
import { beginConversation, nextMessage } from './storage/seed-conversation.ts';

/** CPU of one turn's assembly in a long talk with a big book, beside a client that keeps nothing. */
const MESSAGES = 10_000;
const ENTRIES = 500;
const TURNS = 15;
const CONTEXT_LENGTH = 8192;

const newId = createIdGenerator(systemClock);
const signal = new AbortController().signal;

/** Milliseconds of processor time, of this process, that the work takes. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const talk = await beginConversation(storage, newId);
  const book = placesBook(ENTRIES);
  await furnish(storage, { talk, book, newId });
  await storage.transaction(async (trx) => {
    for (let index = 0; index < MESSAGES; index += 1) {
      talk.leaf = nextMessage(talk, newId);
      await appendToPath(trx, { conversation: talk.conversation, nodes: [talk.leaf] });
    }
  });
  const model = createScriptedModel({ contextLength: CONTEXT_LENGTH });
  const turns = createTurnRunner({
    db: storage.db,
    directory: { resolve: async () => unbilled(model) },
    clock: systemClock,
    memory: null,
  });
  const ours: number[] = [];
  const naive: number[] = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    await say(storage, { talk, text: `Then we came to the ${placeName(turn * 7)} at dusk.`, newId });
    const leaf = await say(storage, { talk, text: `And who lives by the ${placeName(turn * 11)}?`, newId });
    const request = await turnAt(storage, { talk, presetId: null, signal });
    const mine = await cpuOf(() => turns.preview(request));
    const theirs = await cpuOf(() =>
      assembleNaively(storage.db, {
        conversationId: talk.conversation.id,
        endId: leaf.id,
        length: leaf.depth + 1,
        book,
        model,
        context: {
          mode: 'st',
          names: { char: 'Mira', user: 'Robin' },
          now: systemClock.now(),
          seed: 'bench',
          random: Math.random,
          variables: { local: new Map(), global: new Map() },
        },
      }),
    );
    if (turn === 0) continue; // reads the book and counts what stays for the first time
    ours.push(mine);
    naive.push(theirs);
  }
  printFigure({
    name: `prompt: CPU of a turn's assembly, ${MESSAGES} messages and ${ENTRIES} entries, against a rescan of everything`,
    value: median(ours),
    unit: 'ms',
    reference: median(naive),
    target: '<= 0.1x',
    pass: median(ours) <= 0.1 * median(naive),
  });
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}
