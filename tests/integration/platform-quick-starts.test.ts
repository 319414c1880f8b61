import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { soundKindOf } from '../../src/models/speech/codecs/decode-sound.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { findPython } from '../support/python.ts';
import { runQuickStarts, type QuickStartOutcome } from '../support/run-quick-starts.ts';
import { EXAMPLE_TASKS, type ExampleTask } from '../../web/pages/developers/code/example-tasks.ts';
import { CODE_LANGUAGES } from '../../web/pages/developers/code/v1-example.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });
const script: ScriptInput = {
  rules: [
    { when: { toolResult: 'Sunny' }, steps: [said('It is ', 'sunny ', 'in Lisbon.')] },
    {
      when: { contains: 'weather' },
      steps: [{ type: 'tool-call' as const, tool: 'get_weather', input: { place: 'Lisbon' } }],
    },
    { when: { contains: 'Mary Ann' }, steps: [said('{"name":"Mary Ann",', '"masts":3,"home":"Bristol"}')] },
    { when: { contains: 'lighthouse' }, steps: [said('Once ', 'there ', 'was ', 'a light.')] },
    { when: { contains: 'where are you' }, steps: [said('On the ', 'pier.')] },
    { when: { contains: 'Where are you' }, steps: [said('On the ', 'pier.')] },
    { when: { contains: 'what do you see' }, steps: [said('The ', 'sea.')] },
    { steps: [said('Hello', ' there.')] },
  ],
  speech: {},
};

const python = await findPython();

let house: ChatHouse;
let outcomes: Map<string, QuickStartOutcome>;
beforeAll(async () => {
  house = await openHouse({ script });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'start', scopes: ['models'] });
  const languages = CODE_LANGUAGES.filter((language) => language !== 'python' || python !== null);
  outcomes = await runQuickStarts({
    starts: languages.flatMap((language) => EXAMPLE_TASKS.map((task) => ({ language, task }))),
    names: { model: 'test', character: 'character/mira' },
    target: { baseUrl: `${house.address}/v1`, key },
    python,
  });
});
afterAll(() => house?.[Symbol.asyncDispose]());

/** What each program has to print, or, with curl, what has to stand in what it shows. */
const WORDS: Readonly<Record<Exclude<ExampleTask, 'speech'>, readonly RegExp[]>> = {
  chat: [/Hello there\./],
  stream: [/Once/, /a light\./],
  tools: [/get_weather/, /Lisbon/, /It is sunny in Lisbon\./],
  schema: [/Mary Ann/, /masts\W+3/, /Bristol/],
  character: [/On the pier\./],
};

// `./everwith test` makes an environment with OpenAI's client for Python, where there is a Python.
describe.each(CODE_LANGUAGES)('the quick start in %s', (language) => {
  const absent = language === 'python' && python === null;
  const outcomeOf = (task: ExampleTask) => {
    const outcome = outcomes.get(`${language} ${task}`);
    if (outcome === undefined) throw new Error(`${language} ${task} did not run`);
    expect(outcome.printed).not.toContain('FAILED');
    return outcome;
  };

  test.skipIf(absent).each(Object.keys(WORDS) as (keyof typeof WORDS)[])(
    '%s works as it stands on the page',
    (task) => {
      const { printed } = outcomeOf(task);
      // Whoever uses a client goes on with the talk at once.
      const next = task === 'character' && language !== 'curl' ? [/The sea\./] : [];
      for (const words of [...WORDS[task], ...next]) expect(printed).toMatch(words);
    },
  );

  test.skipIf(absent)('speech becomes a file that can be played', () => {
    expect(soundKindOf(outcomeOf('speech').sound ?? Buffer.alloc(0))).toBe('mp3');
  });
});

test('every call of the quick starts is in the books, and none failed', async () => {
  // What the house does by itself around a talk, such as its title, is no call of a quick start.
  const calls = await house.app.storage.db
    .selectFrom('meteredCall')
    .select(['kind', 'state'])
    .where('purpose', '=', 'request')
    .execute();
  const languages = python === null ? CODE_LANGUAGES.length - 1 : CODE_LANGUAGES.length;
  // Tools and characters ask twice, but for curl, whose talk with a character ends after one answer.
  expect(calls.filter(({ kind }) => kind === 'speech')).toHaveLength(languages);
  expect(calls.filter(({ kind }) => kind === 'text')).toHaveLength(languages * 7 - 1);
  expect(calls.filter(({ state }) => state !== 'settled')).toEqual([]);
});
