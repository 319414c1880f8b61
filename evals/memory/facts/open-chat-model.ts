import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { InvalidInputError, NotFoundError } from '../../../src/base/errors.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import { loadCatalog } from '../../../src/models/catalog/catalog.ts';
import { createDownloads } from '../../../src/models/catalog/downloads.ts';
import { LocalEngines } from '../../../src/models/routing/local-engines.ts';
import type { ModelHandle } from '../../../src/models/spec/model-handle.ts';

export interface OpenChatModel extends AsyncDisposable {
  handle: ModelHandle;
}

/** A language model of this computer by its reference, `local:ID` or the id alone; nothing is fetched. */
export async function openChatModel({
  ref,
  cacheDirectory,
  signal,
}: {
  ref: string;
  cacheDirectory: string;
  signal: AbortSignal;
}): Promise<OpenChatModel> {
  const id = ref.replace(/^local:/, '');
  await using stack = new AsyncDisposableStack();
  const catalog = await loadCatalog();
  const downloads = stack.use(createDownloads({ catalog, cacheDirectory, environment: process.env }));
  const known = catalog.entries.map((entry) => entry.id);
  if (!known.includes(id))
    throw new InvalidInputError(`There is no model “${ref}” for --model; there are: none, ${known.join(', ')}.`);
  if ((await downloads.statusOf(id)).state !== 'installed')
    throw new NotFoundError(`The model ${id} is not installed. Fetch it with ./everwith models pull ${id}.`, {
      code: 'model-missing',
    });
  const statesDirectory = await mkdtemp(join(tmpdir(), 'everwith-eval-'));
  stack.defer(() => rm(statesDirectory, { recursive: true, force: true }));
  const engines = stack.use(
    new LocalEngines({
      downloads,
      statesDirectory,
      statesBudgetBytes: 0,
      clock: systemClock,
      logger: silentLogger(),
    }),
  );
  const handle = await engines.handle(id, signal);
  const opened = stack.move();
  return { handle, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
