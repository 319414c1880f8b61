import { evalCitations } from '../evals/citations/eval-citations.ts';
import { evalMemory } from '../evals/memory/eval-memory.ts';
import { AppError } from '../src/base/errors.ts';

/** `./everwith eval WHAT …`: measures on sets with known answers. Exit code 2 for what the caller can mend. */
const usage = `./everwith eval memory --format locomo|longmemeval|own --path FILE_OR_FOLDER
./everwith eval citations [--model REF]
./everwith eval openbox --model NAME

--help after each says the rest.`;

const [what, ...rest] = process.argv.slice(2);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

try {
  if (what === 'memory') await evalMemory(rest, { signal: stop.signal });
  else if (what === 'citations') await evalCitations(rest, { signal: stop.signal });
  else {
    console.error(usage);
    process.exitCode = what === '--help' || what === '-h' ? 0 : 2;
  }
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else if (error instanceof AppError) {
    console.error(error.message);
    process.exitCode = 2;
  } else throw error;
}
