import {
  openboxCategorySchema,
  type OpenboxOverview,
  type OpenboxRun,
  type OpenboxRunDetails,
  type SaveOpenboxRun,
} from '../../../../contract/openbox.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Storage } from '../../../storage/storage.ts';
import { loadSuite, type Suite } from './load-suite.ts';
import { deleteRun, findRun, insertRun, listResults, listRuns } from './openbox-store.ts';
import { scoreRun, sizesOf } from './score-run.ts';

export interface OpenboxContext {
  storage: Storage;
  newId: NewId;
  houseVersion: string;
  /** The weights or the provider behind a name of this house; null where it knows no such model. */
  describeVersion: (model: string) => Promise<string | null>;
}

/** As many as a curve can show. */
const MOST_RUNS = 500;

/** What came of the frozen developer tasks, kept for each version of a model, for the owner of the house. */
export class OpenboxRuns {
  readonly #context: OpenboxContext;
  /** Read when first asked for: most houses never do. */
  #suite: Promise<Suite> | null = null;

  constructor(context: OpenboxContext) {
    this.#context = context;
  }

  async overview(actor: Actor): Promise<OpenboxOverview> {
    requireOwner(actor);
    const { version, digest, tasks } = await this.#readSuite();
    const sizes = sizesOf(tasks);
    return {
      suite: {
        version,
        digest,
        tasks: tasks.length,
        categories: openboxCategorySchema.options.flatMap((category) => {
          const size = sizes.get(category);
          return size === undefined ? [] : [{ category, tasks: size }];
        }),
      },
      runs: await listRuns(this.#context.storage.db, MOST_RUNS),
    };
  }

  async details(actor: Actor, id: string): Promise<OpenboxRunDetails> {
    requireOwner(actor);
    const { db } = this.#context.storage;
    const run = await findRun(db, id);
    if (!run) throw missing(id);
    return { run, results: await listResults(db, id) };
  }

  /** Keeps a run; its scores are reckoned here, from what came of each task. */
  async save(actor: Actor, { results, ...facts }: SaveOpenboxRun): Promise<OpenboxRun> {
    requireOwner(actor);
    if (new Set(results.map(({ taskId }) => taskId)).size < results.length) {
      throw new InvalidInputError('A task is in the results twice; each counts once.', { field: 'results' });
    }
    const { storage, newId, houseVersion, describeVersion } = this.#context;
    const known = facts.target === 'house' ? await describeVersion(facts.model) : null;
    const suite = await this.#readSuite();
    const modelVersion = known ?? facts.modelVersion;
    const run = { id: newId(), ...scoreRun({ ...facts, modelVersion, results }, { suite, houseVersion }) };
    await storage.transaction((trx) => insertRun(trx, { run, results }));
    return run;
  }

  async remove(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    const isThere = await this.#context.storage.transaction((trx) => deleteRun(trx, id));
    if (!isThere) throw missing(id);
  }

  #readSuite(): Promise<Suite> {
    const reading = (this.#suite ??= loadSuite());
    reading.catch(() => {
      this.#suite = null;
    });
    return reading;
  }
}

function missing(id: string): NotFoundError {
  return new NotFoundError(`There is no run “${id}” of the frozen tasks.`, { code: 'openbox-run-not-found' });
}
