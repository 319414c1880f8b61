import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { UnreadableFileError } from './file-text.ts';
import { readFileText } from './read-file.ts';

/** Memory of this process beyond which it gives up, bytes: buffers are not in the limit of the heap. */
const MOST_MEMORY = 1024 * 1024 * 1024;
const LOOK_EVERY_MS = 200;

const askedSchema = z.tuple([z.enum(['text', 'pdf', 'epub', 'docx']), z.enum(['markdown', 'plain']), z.string()]);

/** Reads the file named in the arguments and writes what became of it beside it, as JSON. */
async function run(): Promise<void> {
  const [kind, form, path] = askedSchema.parse(process.argv.slice(2));
  const guard = setInterval(() => {
    if (process.memoryUsage.rss() > MOST_MEMORY) process.exit(1);
  }, LOOK_EVERY_MS);
  let outcome: object;
  try {
    outcome = { sections: await readFileText(await readFile(path), { kind, isMarkdown: form === 'markdown' }) };
  } catch (error) {
    outcome = { fault: error instanceof UnreadableFileError ? error.fault : 'damaged' };
  }
  clearInterval(guard);
  await writeFile(`${path}.json`, JSON.stringify(outcome), { mode: 0o600 });
}

await run();
