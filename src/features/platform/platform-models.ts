import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import { requireModelAllowed } from './platform-caller.ts';

/** A language model that the house offers. */
export interface OfferedModel {
  /** What a request says in `model`. */
  name: string;
  ref: string;
  label: string;
  place: string;
}

/** What can be talked with now, as the models of the house know it. */
export type ListChoices = () => Promise<readonly { ref: string; label: string; place: string }[]>;

/** Language models by the names that developers use: the catalog's id, a provider's own name, or the whole ref. */
export class PlatformModels {
  readonly #listChoices: ListChoices;
  readonly #directory: ModelDirectory;

  constructor({ listChoices, directory }: { listChoices: ListChoices; directory: ModelDirectory }) {
    this.#listChoices = listChoices;
    this.#directory = directory;
  }

  /** Those the caller may use, in the order of the house. */
  async list({ key }: Actor): Promise<OfferedModel[]> {
    const all = nameModels(await this.#listChoices());
    return all.filter(({ name }) => !key?.models || key.models.includes(name));
  }

  /** Throws `NotFoundError` (`model-not-found`) and `ForbiddenError` (`model-not-allowed`). */
  async resolve(
    actor: Actor,
    name: string,
    signal: AbortSignal,
  ): Promise<{ offered: OfferedModel; model: ModelHandle }> {
    const all = nameModels(await this.#listChoices());
    const offered = all.find((one) => one.name === name) ?? all.find(({ ref }) => ref === name);
    if (!offered) {
      throw new NotFoundError(`The model “${name.slice(0, 200)}” does not exist, or you do not have access to it.`, {
        code: 'model-not-found',
        field: 'model',
      });
    }
    requireModelAllowed(actor, offered.name);
    return { offered, model: await this.#directory.resolve(offered.ref, signal) };
  }
}

/** The short name where only one model has it, else the whole ref. */
function nameModels(choices: Awaited<ReturnType<ListChoices>>): OfferedModel[] {
  const short = ({ ref }: { ref: string }) => ref.slice(ref.indexOf(':') + 1);
  const counts = new Map<string, number>();
  for (const choice of choices) counts.set(short(choice), (counts.get(short(choice)) ?? 0) + 1);
  return choices.map(({ ref, label, place }) => {
    const name = short({ ref });
    return { name: counts.get(name) === 1 ? name : ref, ref, label, place };
  });
}
