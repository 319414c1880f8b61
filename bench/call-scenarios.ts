import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printFigure } from './report/figure.ts';
import { playScenario, scenarioSchema } from './voice/scenario.ts';

const folder = join(import.meta.dirname, 'voice', 'scenarios');
let passed = 0;
const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
for (const file of files) {
  const scenario = scenarioSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  const wrong = await playScenario(scenario);
  if (wrong.length === 0) passed += 1;
  else process.stderr.write(`${scenario.name}\n${wrong.map((line) => `  ${line}\n`).join('')}`);
}
printFigure({
  name: 'call: scenarios that end as they should',
  value: passed,
  unit: 'scenarios',
  reference: files.length,
  target: `${files.length} of ${files.length}`,
  pass: passed === files.length,
});
