import { openHouse, type ChatHouse } from '../tests/integration/support/open-house.ts';
import { growLongPast } from '../tests/integration/support/long-past.ts';
import { talkingScript } from '../tests/integration/support/scripts.ts';
import { percentile, printFigure } from './report/figure.ts';

/**
 * What somebody waits for in a conversation of 100,000 messages, over HTTP, beside the same in one of 1,000 in the same
 * house. A branch of the long one's own stands beside its tenth message, as long as the path: the far branch.
 */
const LONG = 100_000;
const SHORT = 1000;
const ROUNDS = 7;
/** Milliseconds that a hand does not notice, and times of the short one beyond which something grows with the length. */
const TARGET = { ms: 100, ratio: 3 };
/**
 * A move far up or across climbs from parent to parent, so it grows with the messages between: held to a second for
 * 100,000 of them, which is a page that turns.
 */
const FAR_MS = 1000;
const FAR_WAYS = new Set(['branch here, in the middle, and back']);

interface Place {
  id: string;
  middleId: string;
  farId: string;
}

await using house = await openHouse({ script: talkingScript });
const short = await prepare(house, SHORT);
const long = await prepare(house, LONG);
const { owner } = house;

const WAYS: Record<string, (place: Place) => Promise<unknown>> = {
  'first page': ({ id }) => owner.page(id),
  'page in the middle': ({ id, middleId }) => owner.page(id, `?around=${middleId}`),
  'send without a reply': ({ id }) => owner.say(id, 'And then?', { reply: false }),
  edit: async ({ id }) => {
    const { message } = await owner.say(id, 'A slip', { reply: false });
    return measured(() => owner.call('POST', `/api/messages/${message.id}/edit`, { text: 'Mended' }));
  },
  'branch here, in the middle, and back': async ({ id, middleId }) => {
    const { messages } = await owner.page(id);
    const last = messages.at(-1)?.id ?? '';
    return measured(async () => {
      await owner.call('POST', `/api/conversations/${id}/path`, { messageId: middleId, endHere: true });
      await owner.call('POST', `/api/conversations/${id}/path`, { messageId: last });
    });
  },
  'delete and restore': async ({ id }) => {
    const { message } = await owner.say(id, 'Never mind', { reply: false });
    return measured(async () => {
      await owner.call('DELETE', `/api/messages/${message.id}`);
      await owner.call('POST', `/api/messages/${message.id}/restore`);
    });
  },
  'a reply, prompt and all': ({ id }) => owner.talk(id, 'Do you remember?'),
};

/** Of a way that has to prepare something: only what is asked about. */
class Measured {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
}

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const startedAt = performance.now();
  await work();
  return new Measured(performance.now() - startedAt);
}

async function time(way: (place: Place) => Promise<unknown>, place: Place): Promise<number> {
  const startedAt = performance.now();
  const answer = await way(place);
  return answer instanceof Measured ? answer.milliseconds : performance.now() - startedAt;
}

for (const [name, way] of Object.entries(WAYS)) {
  const times = { short: [] as number[], long: [] as number[] };
  await way(short);
  await way(long);
  // In turn, so that whatever else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round += 1) {
    times.short.push(await time(way, short));
    times.long.push(await time(way, long));
  }
  const [value, reference] = [percentile(times.long, 0.5), percentile(times.short, 0.5)];
  printFigure({
    name: `100,000 messages: ${name}`,
    value,
    unit: 'ms',
    reference,
    ...(FAR_WAYS.has(name)
      ? { target: `<= ${2 * FAR_MS} ms for both`, pass: value <= 2 * FAR_MS }
      : {
          target: `<= ${TARGET.ms} ms or ${TARGET.ratio}x of 1,000 messages`,
          pass: value <= TARGET.ms || value <= TARGET.ratio * reference,
        }),
  });
}

const far: number[] = [];
const near: number[] = [];
for (let round = 0; round < 4; round += 1) {
  far.push(await chooseFar(long));
  near.push(await chooseFar(short));
}
printFigure({
  name: '100,000 messages: choose a branch that leaves at the tenth message, as long itself',
  value: percentile(far, 0.5),
  unit: 'ms',
  reference: percentile(near, 0.5),
  target: `<= ${FAR_MS} ms`,
  pass: percentile(far, 0.5) <= FAR_MS,
});

/** There and back; half of both. */
async function chooseFar({ id, farId }: Place): Promise<number> {
  const { messages } = await owner.page(id);
  const last = messages.at(-1)?.id ?? '';
  const startedAt = performance.now();
  await owner.call('POST', `/api/conversations/${id}/path`, { messageId: farId });
  await owner.call('POST', `/api/conversations/${id}/path`, { messageId: last });
  return (performance.now() - startedAt) / 2;
}

async function prepare(opened: ChatHouse, length: number): Promise<Place> {
  const { id } = await opened.owner.begin();
  const { ids } = await growLongPast(opened, { conversationId: id, length });
  const { branch } = await growLongPast(opened, { conversationId: id, length, beside: ids[9] ?? '' });
  return { id, middleId: ids[Math.floor(length / 2)] ?? '', farId: branch };
}
