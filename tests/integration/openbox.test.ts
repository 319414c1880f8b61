import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  OpenboxOverview,
  OpenboxRun,
  OpenboxRunDetails,
  OpenboxTaskResult,
  SaveOpenboxRun,
} from '../../contract/openbox.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { TaskServer } from '../../src/features/platform/openbox/ask-task.ts';
import { loadSuite } from '../../src/features/platform/openbox/load-suite.ts';
import { runSuite } from '../../src/features/platform/openbox/run-suite.ts';
import type { Task } from '../../src/features/platform/openbox/task.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const LIST = '/api/platform/openbox';
const never = new AbortController().signal;

let house: ChatHouse;
let server: TaskServer;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'colour' }, steps: [{ type: 'tokens', tokens: ['Bl', 'ue', '.'] }] },
        { when: { contains: 'weather' }, steps: [{ type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } }] },
        { when: { contains: 'break' }, steps: [{ type: 'error', code: 'unavailable', message: 'It broke.' }] },
        { when: { contains: 'hang' }, steps: [{ type: 'hang' }] },
      ],
      otherwise: 'echo',
    },
  });
  server = { baseUrl: `${house.address}/v1`, key: house.terminalToken, model: 'test', speechModel: 'tts-1' };
});
afterAll(() => house?.[Symbol.asyncDispose]());

function task(id: string, question: string, rest: Pick<Task, 'checks'> & Partial<Task>): Task {
  const { request, ...others } = rest;
  return {
    id,
    category: 'instructions',
    language: 'en',
    endpoint: 'chat',
    request: { messages: [{ role: 'user', content: question }], ...request },
    reference: { text: '' },
    wrong: [{ text: '' }],
    seconds: 60,
    ...others,
  };
}

const blue = [{ check: 'equals' as const, values: ['blue'] }];
const call = [{ check: 'tool-calls' as const, calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }];
const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];

const sound = (min: number) => [{ check: 'audio' as const, format: 'wav' as const, seconds: { min, max: 90 } }];
const speech = {
  category: 'speech' as const,
  endpoint: 'speech' as const,
  request: { input: 'Hello there.', voice: 'alloy', response_format: 'wav' },
};

test('answers pass or are wrong; a status, a time box and a missing model are errors with their reasons', async () => {
  const tasks = [
    task('whole', 'Which colour?', { checks: blue }),
    task('streamed', 'Which colour?', { checks: blue, request: { stream: true } }),
    task('called', 'The weather?', { checks: call, category: 'tools', request: { tools, stream: true } }),
    task('spoken', '', { checks: sound(0.1), ...speech }),
    task('too short', '', { checks: sound(60), ...speech }),
    task('mistaken', 'Say red.', { checks: blue }),
    task('broken', 'Please break', { checks: blue }),
    task('late', 'Please hang', { checks: blue, request: { stream: true }, seconds: 0.4 }),
  ];
  const seen: string[] = [];
  const run = await runSuite({
    tasks,
    server,
    concurrency: 3,
    clock: systemClock,
    onResult: ({ taskId }) => seen.push(taskId),
    signal: never,
  });
  expect(run.complete).toBe(true);
  expect(seen.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
  expect(run.results.map(({ taskId, outcome }) => [taskId, outcome])).toEqual([
    ['whole', 'passed'],
    ['streamed', 'passed'],
    ['called', 'passed'],
    ['spoken', 'passed'],
    ['too short', 'wrong'],
    ['mistaken', 'wrong'],
    ['broken', 'error'],
    ['late', 'error'],
  ]);
  const reasonOf = (id: string) => run.results.find(({ taskId }) => taskId === id)?.reasons.join(' ');
  expect(reasonOf('too short')).toMatch(/^lasts .* too short$/);
  expect(run.results.find(({ taskId }) => taskId === 'spoken')?.answer).toMatch(/^audio\/wav, \d+ bytes$/);
  expect(reasonOf('mistaken')).toContain('is not “blue”');
  expect(reasonOf('broken')).toMatch(/^status: 503 /);
  expect(reasonOf('late')).toBe('time-out: no whole answer within 0.4 s');
  expect(run.results.find(({ taskId }) => taskId === 'called')?.answer).toContain('weather(');

  const [first] = tasks;
  const gone = await runSuite({
    tasks: first ? [first] : [],
    server: { ...server, model: 'gone' },
    concurrency: 1,
    clock: systemClock,
    onResult: () => undefined,
    signal: never,
  });
  expect(gone.results[0]?.reasons[0]).toMatch(/^status: 404 .*gone/);
});

test('an interrupt keeps what is finished and does not count what was under way', async () => {
  const stop = new AbortController();
  const run = await runSuite({
    tasks: [
      task('first', 'Which colour?', { checks: blue }),
      task('second', 'Please hang', { checks: blue }),
      task('third', 'Which colour?', { checks: blue }),
    ],
    server,
    concurrency: 1,
    clock: systemClock,
    onResult: () => setImmediate(() => stop.abort()),
    signal: stop.signal,
  });
  expect(run.complete).toBe(false);
  expect(run.results.map(({ taskId }) => taskId)).toEqual(['first']);
});

async function fullRun(outcome: (index: number) => OpenboxTaskResult['outcome']): Promise<SaveOpenboxRun> {
  const { version, digest, tasks } = await loadSuite();
  return {
    model: 'test',
    modelVersion: 'as it said',
    target: 'house',
    suiteVersion: version,
    suiteDigest: digest,
    sample: 1,
    seed: 1,
    startedAt: 1_000,
    endedAt: 2_000,
    complete: true,
    results: tasks.map(({ id, category, language }, index) => ({
      taskId: id,
      category,
      language,
      outcome: outcome(index),
      reasons: outcome(index) === 'passed' ? [] : ['why \u0000 not'],
      tookMs: 5,
      answer: '半 \ud83d',
    })),
  };
}

test('a run is kept with its scores and its tasks, listed newest first, and forgotten', async () => {
  const { owner } = house;
  const facts = await fullRun((index) => (index % 3 === 0 ? 'wrong' : index % 10 === 1 ? 'error' : 'passed'));
  const kept = await owner.call<OpenboxRun>('POST', `${LIST}/runs`, facts);
  const { results } = facts;
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  expect(kept.score).toMatchObject({ tasks: results.length, passed });
  expect(kept.score.wrong + kept.score.errors + passed).toBe(results.length);
  expect(kept.score.pass?.share).toBeCloseTo(passed / results.length, 10);
  expect(kept.score.errorRate?.share).toBeCloseTo(1 - passed / results.length, 10);
  expect(kept.prediction?.error).toBeCloseTo((kept.prediction?.predicted ?? 0) - passed / results.length, 10);
  // What the house knows of its own model counts more than what was sent.
  expect(kept.modelVersion).toBe('Scripted model (scripted)');

  const other = { ...facts, target: 'http://models.example/v1', startedAt: 5_000, suiteDigest: 'f'.repeat(64) };
  const second = await owner.call<OpenboxRun>('POST', `${LIST}/runs`, { ...other, results: results.slice(0, 20) });
  expect(second).toMatchObject({ modelVersion: 'as it said', prediction: null });

  const overview = await owner.call<OpenboxOverview>('GET', LIST);
  expect(overview.suite).toMatchObject({
    version: facts.suiteVersion,
    digest: facts.suiteDigest,
    tasks: results.length,
  });
  expect(overview.runs.map(({ id }) => id)).toEqual([second.id, kept.id]);
  expect(overview.runs[1]).toEqual(kept);

  const details = await owner.call<OpenboxRunDetails>('GET', `${LIST}/runs/${kept.id}`);
  expect(details.run).toEqual(kept);
  expect(details.results).toEqual(results);

  await owner.call('DELETE', `${LIST}/runs/${second.id}`);
  expect((await owner.call<OpenboxOverview>('GET', LIST)).runs).toHaveLength(1);
  expect((await owner.refusal('GET', `${LIST}/runs/${second.id}`)).status).toBe(404);
  expect((await owner.refusal('DELETE', `${LIST}/runs/${second.id}`)).status).toBe(404);
});

test('a task counts once, and only the owner reads, keeps and forgets', async () => {
  const facts = await fullRun(() => 'passed');
  const twice = { ...facts, results: [...facts.results.slice(0, 2), ...facts.results.slice(0, 1)] };
  expect(await house.owner.refusal('POST', `${LIST}/runs`, twice)).toMatchObject({ status: 400, field: 'results' });
  const member = await house.member('mallory');
  const [run] = (await house.owner.call<OpenboxOverview>('GET', LIST)).runs;
  expect((await member.refusal('GET', LIST)).status).toBe(403);
  expect((await member.refusal('POST', `${LIST}/runs`, facts)).status).toBe(403);
  expect((await member.refusal('GET', `${LIST}/runs/${run?.id}`)).status).toBe(403);
  expect((await member.refusal('DELETE', `${LIST}/runs/${run?.id}`)).status).toBe(403);
});
