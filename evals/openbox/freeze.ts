import { writeFile } from 'node:fs/promises';
import { loadSuite } from '../../src/features/platform/openbox/load-suite.ts';
import { digestVerdicts } from './digest-verdicts.ts';

/**
 * Writes FROZEN.json for the tasks as they lie here: `node evals/openbox/freeze.ts VERSION`. A changed task or
 * checker makes another suite, whose scores cannot be compared with the old ones: it needs a new version.
 */
const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+$/.test(version)) {
  console.error('node evals/openbox/freeze.ts VERSION, for example 1.1');
  process.exit(2);
}
const { digest, tasks } = await loadSuite();
const frozen = { version, digest, verdicts: digestVerdicts(tasks), tasks: tasks.length };
await writeFile(new URL('FROZEN.json', import.meta.url), `${JSON.stringify(frozen, null, 2)}\n`);
console.log(frozen);
