import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { openStorage } from '../src/storage/storage.ts';
import { median, printFigure } from './report/figure.ts';
import { beginConversations } from './server/begin-conversations.ts';
import { Load } from './server/load.ts';
import { openLikeThePage, type Opening } from './server/open-conversation.ts';
import { startEverwith, startHelloServer, temporaryHouse, type TemporaryHouse } from './server/start-servers.ts';
import { tokensOf } from './server/tokens.ts';
import { growConversation } from './storage/seed-conversation.ts';

const STARTS = 7;
const BYTES_PER_MEGABYTE = 1e6;
/** Messages said before memory is looked at; half of them are replies. */
const MESSAGES = 1000;
const CONVERSATIONS = 10;
const LONG = 5000;
const SHORT = 50;
const OPENINGS = 15;
/** Messages that the page asks for at a time. */
const PAGE_SIZE = 50;

const script = { rules: [{ steps: [{ type: 'tokens' as const, tokens: tokensOf(60) }] }] };

async function measureStart(house: TemporaryHouse): Promise<void> {
  const starts = { first: [] as number[], next: [] as number[], bare: [] as number[] };
  for (let round = 0; round < STARTS; round += 1) {
    await using fresh = await temporaryHouse(script);
    for (const [kind, start] of [
      ['bare', startHelloServer],
      ['next', () => startEverwith(house, { probed: false })],
      ['first', () => startEverwith(fresh, { probed: false })],
    ] as const) {
      await using server = await start();
      starts[kind].push(server.startInMs);
    }
  }
  const reference = median(starts.bare);
  for (const [name, values] of [
    ['start to /healthz', starts.next],
    ['first start to /healthz, on an empty data folder', starts.first],
  ] as const) {
    const value = median(values);
    printFigure({
      name: `server: ${name}`,
      value,
      unit: 'ms',
      reference,
      target: '<= 4x',
      pass: value <= 4 * reference,
    });
  }
}

async function measureMemory(house: TemporaryHouse): Promise<void> {
  await using server = await startEverwith(house);
  using load = new Load();
  const conversationIds = await beginConversations(server, CONVERSATIONS);
  const before = await server.child.sample();
  for (const id of conversationIds) {
    const { address, token } = server;
    await load.firstTokens({ address, token, conversationIds: [id] }, MESSAGES / 2 / CONVERSATIONS);
  }
  const after = await server.child.sample();
  const value = after.residentBytes / BYTES_PER_MEGABYTE;
  printFigure({
    name: `server: resident memory after ${MESSAGES} messages`,
    value,
    unit: 'MB',
    reference: before.residentBytes / BYTES_PER_MEGABYTE,
    target: '<= 200 MB',
    pass: value <= 200,
  });
}

/** Lets two conversations grow behind the server's back: saying 5,000 things one by one would take minutes. */
async function seed(house: TemporaryHouse, [long = '', short = '']: readonly string[]): Promise<void> {
  const newId = createIdGenerator(systemClock);
  await using storage = await openStorage({ dataDirectory: house.dataDirectory, clock: systemClock });
  await growConversation(storage, { id: long, until: LONG, newId });
  await growConversation(storage, { id: short, until: SHORT, newId });
}

async function measureOpening(house: TemporaryHouse): Promise<void> {
  await using server = await startEverwith(house);
  const ids = await beginConversations(server, 2);
  await server[Symbol.asyncDispose]();
  await seed(house, ids);
  await using reopened = await startEverwith(house);
  const openings: Opening[][] = [[], []];
  for (let round = 0; round <= OPENINGS; round += 1) {
    for (const [index, id] of ids.entries()) {
      const opening = await openLikeThePage(reopened, id);
      if (round > 0) openings[index]?.push(opening); // the first round warms both up
    }
  }
  printOpenings(openings[0] ?? [], openings[1] ?? []);
}

function printOpenings(long: readonly Opening[], short: readonly Opening[]): void {
  const both = (key: keyof Opening) => ({
    value: median(long.map((opening) => opening[key])),
    reference: median(short.map((opening) => opening[key])),
  });
  const messages = both('messages');
  printFigure({
    name: `server: messages sent on opening ${LONG} against ${SHORT}`,
    ...messages,
    unit: 'messages',
    target: `<= ${PAGE_SIZE} (one page)`,
    pass: messages.value <= PAGE_SIZE,
  });
  const bytes = both('bytes');
  printFigure({
    name: `server: bytes sent on opening ${LONG} messages against ${SHORT}`,
    ...bytes,
    unit: 'bytes',
    target: '<= 1.1x',
    pass: bytes.value <= 1.1 * bytes.reference,
  });
  const duration = both('durationInMs');
  printFigure({
    name: `server: time to open ${LONG} messages against ${SHORT}`,
    ...duration,
    unit: 'ms',
    target: '<= 2x',
    pass: duration.value <= 2 * duration.reference,
  });
}

await using house = await temporaryHouse(script);
await measureMemory(house);
await measureStart(house);
await measureOpening(house);
