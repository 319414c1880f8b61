import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playScenario, scenarioSchema } from './scenario.ts';

const folder = join(import.meta.dirname, 'scenarios');
const scenarios = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => scenarioSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));

test.each(scenarios)('$name', async (scenario) => {
  expect(await playScenario(scenario)).toEqual([]);
});
