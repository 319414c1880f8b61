import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { BillableModel } from '../../models/spec/model-handle.ts';
import { requireModelAllowed } from './platform-caller.ts';

/** Milliseconds in which a model that was removed may still be named. */
const RECENT_IN_MS = 5000;

/** Names that a refusal lists. */
const MOST_NAMED = 6;
const NOT_FOUND = { code: 'model-not-found', field: 'model' };

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
  readonly #clock: Clock;
  readonly #routeNames: () => readonly string[];
  #named: ReadonlyMap<string, OfferedModel> = new Map();
  #namedAt = Number.NEGATIVE_INFINITY;

  constructor({
    listChoices,
    directory,
    clock,
    routeNames,
  }: {
    listChoices: ListChoices;
    directory: ModelDirectory;
    clock: Clock;
    /** Names that stand for several models. */
    routeNames: () => readonly string[];
  }) {
    this.#listChoices = listChoices;
    this.#directory = directory;
    this.#clock = clock;
    this.#routeNames = routeNames;
  }

  /** Those the caller may use, in the order of the house. */
  async list({ key }: Actor): Promise<OfferedModel[]> {
    const routes = this.#routeNames();
    const all = (await this.#all()).filter(({ name }) => !routes.includes(name));
    const routed = routes.map((name) => ({ name, ref: name, label: name, place: 'route' }));
    return [...all, ...routed].filter(({ name }) => !key?.models || key.models.includes(name));
  }

  /** What can answer, as the models of the house are called. */
  async refs(): Promise<Set<string>> {
    return new Set((await this.#all()).map(({ ref }) => ref));
  }

  /** The model behind a ref, where it runs here or there. */
  open(ref: string, signal: AbortSignal): Promise<BillableModel> {
    return this.#directory.resolve(ref, signal);
  }

  /** Throws `NotFoundError` (`model-not-found`) and `ForbiddenError` (`model-not-allowed`). */
  async find(actor: Actor, name: string): Promise<OfferedModel> {
    const now = this.#clock.monotonic();
    // What is asked for all the time is not looked up all the time; what is not known might be new.
    const recent = now - this.#namedAt < RECENT_IN_MS ? this.#named.get(name) : undefined;
    const offered = recent ?? findNamed(await this.#all(), name);
    if (!offered) throw new NotFoundError(await this.#whatIsThere(actor, name), NOT_FOUND);
    requireModelAllowed(actor, offered.name);
    return offered;
  }

  async #whatIsThere(actor: Actor, name: string): Promise<string> {
    const names = (await this.list(actor)).map((one) => one.name);
    const remedy =
      names.length === 0
        ? 'No model is here yet: fetch one in Settings → Models, or connect a provider.'
        : `Those that answer here: ${names.slice(0, MOST_NAMED).join(', ')}. GET /v1/models lists all.`;
    return `The model “${name.slice(0, 200)}” does not exist, or you do not have access to it. ${remedy}`;
  }

  async #all(): Promise<OfferedModel[]> {
    const all = nameModels(await this.#listChoices());
    this.#named = new Map([
      ...all.map((one) => [one.ref, one] as const),
      ...all.map((one) => [one.name, one] as const),
    ]);
    this.#namedAt = this.#clock.monotonic();
    return all;
  }
}

function findNamed(all: readonly OfferedModel[], name: string): OfferedModel | undefined {
  return all.find((one) => one.name === name) ?? all.find(({ ref }) => ref === name);
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
