import type { NewId } from './base/ids.ts';
import { version } from './config/version.ts';
import { OpenboxRuns } from './features/platform/openbox/openbox-runs.ts';
import type { ListChoices } from './features/platform/platform-models.ts';
import type { Downloads } from './models/catalog/downloads.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenOpenboxOptions {
  storage: Storage;
  newId: NewId;
  listChoices: ListChoices;
  /** What is known of weights. */
  downloads: Pick<Downloads, 'entry'>;
}

/** What came of the frozen developer tasks. */
export function openOpenbox({ storage, newId, ...known }: OpenOpenboxOptions): OpenboxRuns {
  return new OpenboxRuns({
    storage,
    newId,
    houseVersion: version,
    describeVersion: (model) => describeVersion(model, known),
  });
}

const LOCAL = 'local:';

/** Weights by the beginning of their hash, another's model by where it is. */
async function describeVersion(
  name: string,
  { listChoices, downloads }: Pick<OpenOpenboxOptions, 'listChoices' | 'downloads'>,
): Promise<string | null> {
  const choice = (await listChoices()).find(({ ref }) => ref === name || ref.slice(ref.indexOf(':') + 1) === name);
  if (!choice) return null;
  if (!choice.ref.startsWith(LOCAL)) return `${choice.label} (${choice.place})`;
  const { id, sha256 } = await downloads.entry(choice.ref.slice(LOCAL.length));
  return `${id} sha256:${sha256.slice(0, 12)}`;
}
