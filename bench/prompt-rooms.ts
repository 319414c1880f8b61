import { unbilled } from '../tests/support/unbilled.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import type { MessageNode } from '../src/conversation/tree-types.ts';
import { createScriptedModel } from '../src/models/scripted/scripted-model.ts';
import { openStorage } from '../src/storage/storage.ts';
import { createTurnRunner } from '../src/turn/run-turn.ts';
import { RoomHouse } from '../tests/support/room-house.ts';
import { median, printFigure } from './report/figure.ts';

/** CPU of a turn's assembly in a full room, beside one of the same length between two. */
const MESSAGES = 2000;
const TURNS = 15;
const CONTEXT_LENGTH = 8192;
const CHARACTERS = ['mira', 'bo', 'lee', 'zoe', 'otto', 'ida', 'finn', 'vera'];
const HUMANS = ['ann', 'kim', 'raj', 'sol'];

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
  const model = createScriptedModel({ contextLength: CONTEXT_LENGTH });
  const turns = createTurnRunner({
    db: storage.db,
    directory: { resolve: async () => unbilled(model) },
    clock: systemClock,
    memory: null,
  });
  /** A talk of whoever is there, a fifth of it whispered, and what one turn at its end costs. */
  const measure = async (characters: readonly string[], humans: readonly string[], isRoom: boolean) => {
    const room = new RoomHouse(storage);
    await room.open({ characters: characters.map((id) => ({ id })), humans: humans.map((id) => ({ id })) });
    const speakers = humans.flatMap((human, index) => [human, characters[index % characters.length] ?? '']);
    let last: MessageNode | null = null;
    for (let index = 0; index < MESSAGES; index += 1) {
      const to = isRoom && index % 5 === 0 ? { to: [characters[index % characters.length] ?? ''] } : {};
      const text = `Number ${index} of what was said by the river, about the goats and the ladder.`;
      last = await room.say({ by: speakers[index % speakers.length] ?? '', text, below: last, ...to });
    }
    const costs: number[] = [];
    for (let turn = 0; turn <= TURNS; turn += 1) {
      last = await room.say({ by: humans[0] ?? '', text: `And then, ${turn}?`, below: last });
      const request = await room.turnOf(characters[turn % characters.length] ?? '', last);
      const cost = await cpuOf(() => turns.preview(isRoom ? request : { ...request, room: null }));
      if (turn > 0) costs.push(cost);
    }
    return median(costs);
  };
  const between = await measure(['mira'], ['ann'], false);
  const inRoom = await measure(CHARACTERS, HUMANS, true);
  printFigure({
    name: `prompt: CPU of a turn's assembly in a room of ${CHARACTERS.length} characters and ${HUMANS.length} humans, ${MESSAGES} messages, against the same length between two`,
    value: inRoom,
    unit: 'ms',
    reference: between,
    target: '<= 5x',
    pass: inRoom <= 5 * between,
  });
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}
