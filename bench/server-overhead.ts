import { median, percentile, printFigure } from './report/figure.ts';
import { beginConversations } from './server/begin-conversations.ts';
import { Load, type LoadTarget } from './server/load.ts';
import { startBareServer, startEverwith, temporaryHouse, type MeasuredServer } from './server/start-servers.ts';
import { tokensOf } from './server/tokens.ts';

const STREAMS = 64;
/** Milliseconds before each token: timers fire up to one late, so this is 50 tokens a second and a little more. */
const TOKEN_DELAY_IN_MS = 19;
/** Tokens of one answer: eight seconds of stream. */
const TOKENS = 400;
/** Tokens of each stream before and after the time in which all streams flow. */
const MARGIN = 25;
const ROUNDS = 3;
const FIRST_TOKENS_PER_ROUND = 60;
/** Fifty messages a second on one core, milliseconds. */
const MESSAGE_CPU_LIMIT_IN_MS = 20;
/** Milliseconds below which an answer feels immediate (Nielsen, Usability Engineering, 1993, §5.5). */
const IMMEDIATE_IN_MS = 100;

async function measureFirstTokens(load: Load): Promise<void> {
  await using house = await temporaryHouse({ rules: [{ steps: [{ type: 'tokens', tokens: tokensOf(4) }] }] });
  await using everwith = await startEverwith(house);
  await using bare = await startBareServer({ tokens: 4, delayInMs: 0 });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [ourTarget, bareTarget] = [
      { ...everwith, conversationIds: await beginConversations(everwith, 1) },
      { ...bare, token: '', conversationIds: ['reference'] },
    ].map(({ address, token, conversationIds }): LoadTarget => ({ address, token, conversationIds }));
    if (!ourTarget || !bareTarget) continue;
    const measured = await load.firstTokens(ourTarget, FIRST_TOKENS_PER_ROUND);
    const reference = await load.firstTokens(bareTarget, FIRST_TOKENS_PER_ROUND);
    if (round === 0) continue; // warms both up
    ours.push(...measured);
    theirs.push(...reference);
  }
  for (const share of [0.5, 0.95]) {
    const value = percentile(ours, share);
    printFigure({
      name: `server: message to first streamed token, p${share * 100}`,
      value,
      unit: 'ms',
      reference: percentile(theirs, share),
      target: `<= ${IMMEDIATE_IN_MS} ms`,
      pass: value <= IMMEDIATE_IN_MS,
    });
  }
}

interface Round {
  /** While all streams flow. */
  loopDelayP99InMs: number;
  cpuPerTokenInMs: number;
  tokensPerSecond: number;
  /** For one message and its reply, besides the streaming: reading, prompt, saving. */
  cpuPerMessageInMs: number;
}

async function runRound(load: Load, server: MeasuredServer, target: LoadTarget): Promise<Round> {
  await load.openStreams(target);
  await server.child.sample();
  await load.startStreams();
  const before = await load.untilStreamsPast(MARGIN, 'every');
  const start = await server.child.sample();
  const after = await load.untilStreamsPast(TOKENS - MARGIN, 'some');
  const flow = await server.child.sample();
  const streams = await load.endStreams();
  const end = await server.child.sample();
  await load.closeStreams();
  const tokens = streams.reduce((sum, stream) => sum + stream.tokens, 0);
  if (tokens !== STREAMS * TOKENS) throw new Error(`${tokens} tokens arrived of ${STREAMS * TOKENS}.`);
  const cpuPerTokenInMs = flow.cpuInMs / (after - before);
  return {
    loopDelayP99InMs: flow.loopDelayP99InMs,
    cpuPerTokenInMs,
    tokensPerSecond: median(streams.map((stream) => (1000 * (stream.tokens - 1)) / stream.writingInMs)),
    cpuPerMessageInMs: (start.cpuInMs + flow.cpuInMs + end.cpuInMs - cpuPerTokenInMs * tokens) / STREAMS,
  };
}

async function measureStreams(load: Load): Promise<void> {
  const tokens = tokensOf(TOKENS);
  await using house = await temporaryHouse({
    rules: [{ steps: [{ type: 'tokens', tokens, delayInMs: TOKEN_DELAY_IN_MS }] }],
  });
  await using everwith = await startEverwith(house);
  await using bare = await startBareServer({ tokens: TOKENS, delayInMs: TOKEN_DELAY_IN_MS });
  const { address, token } = everwith;
  const ourTarget = { address, token, conversationIds: await beginConversations(everwith, STREAMS) };
  const bareTarget = { address: bare.address, token: '', conversationIds: ourTarget.conversationIds };
  const ours: Round[] = [];
  const theirs: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const measured = await runRound(load, everwith, ourTarget);
    const reference = await runRound(load, bare, bareTarget);
    if (round === 0) continue; // warms both up
    ours.push(measured);
    theirs.push(reference);
  }
  printStreams(ours, theirs);
}

function printStreams(ours: readonly Round[], theirs: readonly Round[]): void {
  const middle = (rounds: readonly Round[], key: keyof Round) => median(rounds.map((round) => round[key]));
  const both = (key: keyof Round) => ({ value: middle(ours, key), reference: middle(theirs, key) });
  const rate = both('tokensPerSecond');
  printFigure({
    name: `server: tokens per second of each of ${STREAMS} streams`,
    ...rate,
    unit: 'tokens/s',
    target: '>= 0.9x',
    pass: rate.value >= 0.9 * rate.reference,
  });
  const delay = both('loopDelayP99InMs');
  printFigure({
    name: `server: event loop delay, p99, ${STREAMS} streams`,
    ...delay,
    unit: 'ms',
    target: '<= 20 ms',
    pass: delay.value <= 20,
  });
  const cpu = both('cpuPerTokenInMs');
  printFigure({
    name: `server: CPU per streamed token, ${STREAMS} streams`,
    value: cpu.value * 1000,
    reference: cpu.reference * 1000,
    unit: 'µs',
    target: '<= 3x',
    pass: cpu.value <= 3 * cpu.reference,
  });
  const message = middle(ours, 'cpuPerMessageInMs');
  printFigure({
    name: 'server: CPU per message and reply, besides the streaming',
    value: message,
    unit: 'ms',
    reference: null,
    target: `<= ${MESSAGE_CPU_LIMIT_IN_MS} ms`,
    pass: message <= MESSAGE_CPU_LIMIT_IN_MS,
  });
}

using load = new Load();
await measureFirstTokens(load);
await measureStreams(load);
