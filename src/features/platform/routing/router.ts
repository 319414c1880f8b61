import type { ModelRoute, RouteTarget, TargetHealth } from '../../../../contract/routes.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { Circuit } from '../../../models/routing/circuit.ts';
import { hashPrefix, PrefixRing } from '../../../models/routing/prefix-ring.ts';
import { RetryBudget } from '../../../models/routing/retry-budget.ts';
import { requireModelAllowed } from '../platform-caller.ts';
import type { PlatformModels } from '../platform-models.ts';
import { Plan, type TargetState } from './plan.ts';

/** Of requests for models that no route names, how many may be tried again. */
const UNROUTED_RETRY_SHARE = 0.2;
const UNROUTED_RETRIES = 1;

interface Group {
  targets: readonly RouteTarget[];
  ring: PrefixRing;
}

interface OpenRoute {
  route: ModelRoute;
  /** By priority. */
  groups: readonly Group[];
  budget: RetryBudget;
}

export interface RouterOptions {
  models: PlatformModels;
  clock: Clock;
  random: () => number;
}

/** What a call says of itself for choosing a target. */
export interface Affinity {
  /** Calls of one conversation say the same; null = it belongs to none. */
  conversation: string | null;
  /** The beginning of the prompt, at most so many characters. */
  prefix: (characters: number) => string;
}

/** Which target answers under a name, and which comes next where it fails. */
export class Router {
  readonly #options: RouterOptions;
  readonly #states = new Map<string, TargetState>();
  readonly #unrouted = new RetryBudget(UNROUTED_RETRY_SHARE);
  #routes: ReadonlyMap<string, OpenRoute> = new Map();

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** What routes there are from now on. Calls under way keep to theirs. */
  use(routes: readonly ModelRoute[]): void {
    this.#routes = new Map(
      routes.map((route) => {
        const before = this.#routes.get(route.name);
        const budget =
          before?.route.retryShare === route.retryShare ? before.budget : new RetryBudget(route.retryShare);
        return [route.name, { route, groups: groupsOf(route), budget }];
      }),
    );
  }

  /** Throws `NotFoundError` (`model-not-found`) and `ForbiddenError` (`model-not-allowed`). */
  async plan(actor: Actor, name: string, affinity: Affinity): Promise<Plan> {
    const { models, clock } = this.#options;
    const open = this.#routes.get(name);
    if (!open) {
      return this.only(await models.find(actor, name));
    }
    requireModelAllowed(actor, name);
    const targets = this.#order(open, affinity).map((target) => ({ target, state: this.#stateOf(target.ref) }));
    return new Plan({ name, targets, retries: open.route.retries, budget: open.budget, clock });
  }

  /** For a model that no route names. */
  only({ name, ref }: { name: string; ref: string }): Plan {
    const target = { ref, weight: 1, priority: 0 };
    return new Plan({
      name,
      targets: [{ target, state: this.#stateOf(ref) }],
      retries: UNROUTED_RETRIES,
      budget: this.#unrouted,
      clock: this.#options.clock,
    });
  }

  names(): string[] {
    return [...this.#routes.keys()];
  }

  health(ref: string): TargetHealth {
    const { circuit, load } = this.#stateOf(ref);
    const { opensAt, ...report } = circuit.report();
    const nextProbeInMs = opensAt === null ? null : Math.max(0, opensAt - this.#options.clock.monotonic());
    return { ref, ...report, nextProbeInMs, load };
  }

  /** Those that may be asked first, by priority; then those that are ill, in case that nothing else answers. */
  #order({ route, groups }: OpenRoute, affinity: Affinity): RouteTarget[] {
    const now = this.#options.clock.monotonic();
    const admits = (ref: string): boolean => this.#stateOf(ref).circuit.admits(now);
    const key = keyOf(route, affinity);
    const ill: RouteTarget[] = [];
    const order: RouteTarget[] = [];
    for (const { targets, ring } of groups) {
      const first =
        key === null ? null : ring.find({ key, admits, loadOf: (ref) => this.#stateOf(ref).load, bounds: route.spill });
      const rest = shuffle(
        targets.filter(({ ref }) => ref !== first),
        this.#options.random,
      );
      order.push(...targets.filter(({ ref }) => ref === first), ...rest.filter(({ ref }) => admits(ref)));
      ill.push(...rest.filter(({ ref }) => !admits(ref)));
    }
    return [...order, ...ill];
  }

  #stateOf(ref: string): TargetState {
    const known = this.#states.get(ref);
    if (known) return known;
    const state = { circuit: new Circuit(), load: 0 };
    this.#states.set(ref, state);
    return state;
  }
}

function groupsOf({ targets }: ModelRoute): Group[] {
  const priorities = [...new Set(targets.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return priorities.map((wanted) => {
    const own = targets.filter(({ priority }) => priority === wanted);
    return { targets: own, ring: new PrefixRing(own) };
  });
}

/** What calls that should meet have in common; null = nothing. */
function keyOf({ name, sticky, prefixInKiB }: ModelRoute, { conversation, prefix }: Affinity): number | null {
  if (sticky === 'none') return null;
  if (conversation !== null) return hashPrefix(`${name}\n${conversation}`);
  return sticky === 'conversation' ? null : hashPrefix(prefix(prefixInKiB * 1024), hashPrefix(name));
}

/** In random order, heavier ones rather first (Efraimidis and Spirakis, 2006). */
function shuffle(targets: readonly RouteTarget[], random: () => number): RouteTarget[] {
  return targets
    .map((target) => ({ target, at: -Math.log(1 - random()) / target.weight }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ target }) => target);
}
