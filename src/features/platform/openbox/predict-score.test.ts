import { describe, expect, test } from 'vitest';
import { openboxCategorySchema } from '../../../../contract/openbox.ts';
import { wilsonInterval } from '../../../base/wilson-interval.ts';
import { predictScore } from './predict-score.ts';
import { sampleTasks } from './sample-tasks.ts';
import { scoreOf, scoresByKind, type ScoredResult } from './score-results.ts';

const results = openboxCategorySchema.options.flatMap((category, place) =>
  Array.from({ length: 20 }, (_, index): ScoredResult & { id: string } => ({
    id: `${category}-${index}`,
    taskId: `${category}-${index}`,
    category,
    language: index % 2 === 0 ? 'en' : 'zh',
    outcome: index < place + 8 ? 'passed' : index % 2 === 0 ? 'wrong' : 'error',
  })),
);
const sizes = new Map(openboxCategorySchema.options.map((category) => [category as string, 20]));

describe('Wilson intervals', () => {
  test('agree with the published formula', () => {
    // Wilson 1927; the figures are those of Newcombe 1998, Statistics in Medicine 17:857, table I.
    expect(wilsonInterval(81, 263)).toMatchObject({ low: expect.closeTo(0.2553, 4), high: expect.closeTo(0.3662, 4) });
    expect(wilsonInterval(15, 148)).toMatchObject({ low: expect.closeTo(0.0624, 4), high: expect.closeTo(0.1605, 4) });
    expect(wilsonInterval(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
    expect(wilsonInterval(1, 29)).toMatchObject({ low: expect.closeTo(0.0061, 4), high: expect.closeTo(0.1718, 4) });
    expect(wilsonInterval(0, 0)).toBeNull();
  });

  test('“single-digit errors” means that eleven of two hundred may fail, and twelve not', () => {
    expect(wilsonInterval(11, 200)?.high).toBeLessThan(0.1);
    expect(wilsonInterval(12, 200)?.high).toBeGreaterThan(0.1);
  });
});

test('scores count errors as not passed, by category and by language', () => {
  const score = scoreOf(results);
  expect(score.passed + score.wrong + score.errors).toBe(score.tasks);
  expect((score.pass?.share ?? 0) + (score.errorRate?.share ?? 0)).toBeCloseTo(1, 12);
  const { categories, languages } = scoresByKind(results.filter(({ category }) => category !== 'voice'));
  expect(categories.map(({ category }) => category)).not.toContain('voice');
  expect(categories[0]).toMatchObject({ category: 'tools', score: { tasks: 20, passed: 8 } });
  expect(languages.map(({ language, score: { tasks } }) => [language, tasks])).toEqual([
    ['en', 100],
    ['zh', 100],
  ]);
});

describe('a part of the tasks', () => {
  test('has every category in proportion, is the same for the same seed and another for another', () => {
    const ids = (seed: number) => sampleTasks(results, { share: 0.1, seed }).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
    const drawn = sampleTasks(results, { share: 0.1, seed: 3 });
    for (const category of sizes.keys()) expect(drawn.filter((task) => task.category === category)).toHaveLength(2);
    expect(sampleTasks(results, { share: 0.001, seed: 3 })).toHaveLength(sizes.size);
    expect(sampleTasks(results, { share: 1, seed: 3 })).toEqual(results);
  });

  test('foretells the full score without bias, within the interval it names about as often as it says', () => {
    const real = scoreOf(results).pass?.share ?? 0;
    const foretold = Array.from({ length: 300 }, (_, seed) =>
      predictScore(sampleTasks(results, { share: 0.1, seed }), sizes),
    );
    const mean = foretold.reduce((sum, one) => sum + (one?.predicted ?? 0), 0) / foretold.length;
    expect(mean).toBeCloseTo(real, 1);
    const held = foretold.filter((one) => one && one.low <= real && real <= one.high).length / foretold.length;
    expect(held).toBeGreaterThan(0.9);
    expect(foretold[0]).toMatchObject({ tasks: 22, error: null, typicalError: null, largeError: null });
  });

  test('a full run says how far tenths of it miss; where a category is missing nothing is foretold', () => {
    const full = predictScore(results, sizes);
    const real = scoreOf(results).pass?.share ?? 0;
    expect(full?.error).toBeCloseTo((full?.predicted ?? 0) - real, 12);
    expect(full?.typicalError).toBeGreaterThan(0.01);
    expect(full?.typicalError).toBeLessThan(full?.largeError ?? 0);
    expect(
      predictScore(
        results.filter(({ category }) => category !== 'speech'),
        sizes,
      ),
    ).toBeNull();
    expect(predictScore([], sizes)).toBeNull();
  });
});
