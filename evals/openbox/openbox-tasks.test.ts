import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openboxCategorySchema } from '../../contract/openbox.ts';
import { checkAnswer } from '../../src/features/platform/openbox/check-answer.ts';
import { loadSuite, requestOf, type Suite } from '../../src/features/platform/openbox/load-suite.ts';
import { estimateTokens } from '../../src/models/remote/estimate-tokens.ts';
import { digestVerdicts } from './digest-verdicts.ts';
import { makeAnswer } from './make-answer.ts';

let suite: Suite;
beforeAll(async () => {
  suite = await loadSuite();
});

test('the tasks, and how they are judged, are those that were frozen under this version', async () => {
  const frozen: unknown = JSON.parse(await readFile(new URL('FROZEN.json', import.meta.url), 'utf8'));
  const { version, digest, tasks } = suite;
  expect({ version, digest, verdicts: digestVerdicts(tasks), tasks: tasks.length }).toEqual(frozen);
});

test('there are two hundred at least, half in each language, some in every category', () => {
  const { tasks } = suite;
  expect(tasks.length).toBeGreaterThanOrEqual(200);
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
  expect(Math.abs(tasks.filter(({ language }) => language === 'zh').length / tasks.length - 0.5)).toBeLessThan(0.05);
  for (const category of openboxCategorySchema.options) {
    expect(tasks.filter((task) => task.category === category).length, category).toBeGreaterThanOrEqual(10);
  }
});

describe('a check that cannot fail, or that nobody passes, is a defect', () => {
  test('every answer written as right passes', () => {
    const faults = suite.tasks.flatMap(({ id, checks, reference }) =>
      checkAnswer(makeAnswer(reference), checks).map((miss) => `${id}: ${miss}`),
    );
    expect(faults).toEqual([]);
  });

  test('every answer written as plausible and wrong fails', () => {
    const faults = suite.tasks.flatMap(({ id, checks, wrong }) =>
      wrong.flatMap((answer, index) =>
        checkAnswer(makeAnswer(answer), checks).length === 0 ? [`${id}: wrong ${index + 1} passes`] : [],
      ),
    );
    expect(faults).toEqual([]);
  });

  test('no empty answer passes, and none is judged by an exception', () => {
    for (const { id, checks } of suite.tasks) {
      for (const text of ['', ' ', '{}', '[]', 'null', '🙂', 'a'.repeat(20_000)]) {
        expect(checkAnswer(makeAnswer({ text }), checks), `${id} with ${text.slice(0, 5)}`).not.toEqual([]);
      }
    }
  });
});

test('long texts fit a window of 8,192 tokens, are worth the name, and hold their needles where they belong', () => {
  for (const task of suite.tasks.filter(({ long }) => long !== undefined)) {
    const { messages } = requestOf(task) as { messages: { content: string }[] };
    const text = messages.map(({ content }) => content).join('\n');
    const tokens = estimateTokens(text);
    expect(tokens, task.id).toBeGreaterThan(4_000);
    expect(tokens, task.id).toBeLessThan(7_800);
    for (const needle of task.long?.needles ?? []) expect(text.split(needle.text), task.id).toHaveLength(2);
  }
});

test('the same seed makes the same text', () => {
  const [task] = suite.tasks.filter(({ long }) => long !== undefined);
  expect(task && requestOf(task)).toEqual(task && requestOf(task));
});
