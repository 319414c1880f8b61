import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Mover } from '../tests/integration/support/mover.ts';
import { openHouse } from '../tests/integration/support/open-house.ts';
import { sillyTavernFolder, writeFolder } from '../tests/integration/support/silly-tavern-folder.ts';
import { printFigure } from './report/figure.ts';

/*
 * How long a house answers nobody while a SillyTavern folder moves in, beside reading each of its chats in one go as a
 * client in a page does.
 */
const SHAPE = { characters: 10, chatsPerCharacter: 4, messagesPerChat: 1000, messageLength: 1900 };

/** The longest and the 99th percentile of the event loop's delays during some work, in milliseconds. */
async function delaysOf(work: () => Promise<void>): Promise<{ longest: number; p99: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await work();
  // The delay is noted at the first tick after it.
  await setTimeout(50);
  delay.disable();
  return { longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6 };
}

/** Every chat of the folder parsed at once, one file after the other. */
async function readInOneGo(folder: string): Promise<void> {
  const all = await readdir(folder, { recursive: true });
  const texts: string[] = [];
  for (const path of all.filter((name) => name.endsWith('.jsonl'))) {
    texts.push(await readFile(join(folder, path), 'utf8'));
  }
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith('{'));
  const parsed = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
  if (parsed.length < SHAPE.messagesPerChat) throw new Error('The folder holds no chats.');
}

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  await using house = await openHouse({ script: { otherwise: 'echo' } });
  await writeFolder(sillyTavernFolder(SHAPE), folder);
  const reference = await delaysOf(() => readInOneGo(folder));
  const ours = await delaysOf(async () => {
    const mover = new Mover(house.owner);
    await mover.survey(folder);
    await mover.start();
    await mover.reach('done');
  });
  printFigure({
    name: 'moving in: longest stall, against reading all chats in one go',
    value: ours.longest,
    unit: 'ms',
    reference: reference.longest,
    target: '<= 1x',
    pass: ours.longest <= reference.longest,
  });
  printFigure({
    name: 'moving in: stalls, 99th percentile',
    value: ours.p99,
    unit: 'ms',
    reference: null,
    target: '<= 200',
    pass: ours.p99 <= 200,
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
