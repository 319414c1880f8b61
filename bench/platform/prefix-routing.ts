import { modelRouteSchema, type ModelRoute } from '../../contract/routes.ts';
import type { Actor } from '../../src/accounts/actor.ts';
import { systemClock } from '../../src/base/clock.ts';
import { seededNumbers } from '../../src/base/seeded-numbers.ts';
import { PlatformModels } from '../../src/features/platform/platform-models.ts';
import { Router, type Affinity } from '../../src/features/platform/routing/router.ts';
import { percentile, printFigure } from '../report/figure.ts';

const TARGETS = 8;
const DECISIONS = 20_000;
/** Characters of a long system prompt with a character's card. */
const PROMPT_LENGTH = 6000;
/** Of the simulation: talks, how many of them a target's cache holds, requests, and how long each is under way, in requests. */
const TALKS = 4000;
const CACHED_TALKS = 250;
const REQUESTS = 60_000;
const UNDER_WAY = 320;
const SEED = 8;

const actor: Actor = { userId: 'bench', role: 'owner', via: 'key', scopes: ['models'], sessionId: null };

function openRouter(sticky: ModelRoute['sticky'], random: () => number): Router {
  const models = new PlatformModels({
    listChoices: async () => [],
    directory: { resolve: () => Promise.reject(new Error('Nothing is asked here.')) },
    clock: systemClock,
    routeNames: () => [],
  });
  const router = new Router({ models, clock: systemClock, random });
  const targets = Array.from({ length: TARGETS }, (_, index) => ({ ref: `engine-${index}:model` }));
  router.use([modelRouteSchema.parse({ name: 'bench', targets, sticky })]);
  return router;
}

/** How long it takes to choose a target by the beginning of a prompt. */
async function measureDecision(): Promise<void> {
  const random = seededNumbers(SEED);
  const router = openRouter('prefix', random);
  const filler = 'The sea was calm that night and nobody spoke. '.repeat(PROMPT_LENGTH / 40);
  const times: number[] = [];
  for (let index = 0; index < DECISIONS; index += 1) {
    const prompt = `talk ${Math.floor(random() * TALKS)} ${filler}`;
    const affinity: Affinity = { conversation: null, prefix: (characters) => prompt.slice(0, characters) };
    const startedAt = performance.now();
    const plan = await router.plan(actor, 'bench', affinity);
    times.push(performance.now() - startedAt);
    if (plan.refs.length !== TARGETS) throw new Error('A plan has every target.');
  }
  const value = percentile(times.slice(DECISIONS / 10), 0.99);
  printFigure({
    name: 'platform: choosing a target by a prefix, p99',
    value,
    unit: 'ms',
    reference: null,
    target: '<= 0.1 ms',
    pass: value <= 0.1,
  });
}

/** What a target keeps of the talks that it answered last. */
class Cache {
  readonly #talks = new Map<number, true>();

  has(talk: number): boolean {
    return this.#talks.has(talk);
  }

  use(talk: number): void {
    this.#talks.delete(talk);
    this.#talks.set(talk, true);
    if (this.#talks.size > CACHED_TALKS) this.#talks.delete(this.#talks.keys().next().value ?? -1);
  }
}

/** Talks by how often they are heard: a few all the time, most now and then (Zipf). */
function drawTalks(): number[] {
  const random = seededNumbers(SEED);
  const weights = Array.from({ length: TALKS }, (_, rank) => 1 / (rank + 1) ** 0.8);
  const sums: number[] = [];
  weights.reduce((sum, weight, rank) => (sums[rank] = sum + weight), 0);
  const all = sums.at(-1) ?? 0;
  return Array.from({ length: REQUESTS }, () => {
    const at = random() * all;
    return sums.findIndex((sum) => sum >= at);
  });
}

type Choose = (talk: number, caches: ReadonlyMap<string, Cache>) => Promise<{ ref: string; release: () => void }>;

async function countHits(talks: readonly number[], choose: Choose): Promise<number> {
  const refs = Array.from({ length: TARGETS }, (_, index) => `engine-${index}:model`);
  const caches = new Map(refs.map((ref) => [ref, new Cache()]));
  const underWay: (() => void)[] = [];
  let hits = 0;
  for (const talk of talks) {
    const { ref, release } = await choose(talk, caches);
    const cache = caches.get(ref);
    if (cache?.has(talk)) hits += 1;
    cache?.use(talk);
    underWay.push(release);
    if (underWay.length > UNDER_WAY) underWay.shift()?.();
  }
  return hits;
}

function byRouter(sticky: ModelRoute['sticky']): Choose {
  const router = openRouter(sticky, seededNumbers(SEED));
  return async (talk) => {
    const affinity: Affinity = { conversation: sticky === 'none' ? null : `talk-${talk}`, prefix: () => '' };
    const plan = await router.plan(actor, 'bench', affinity);
    const { target, release } = await plan.run(async () => true);
    return { ref: target.ref, release };
  };
}

/** Knows what every cache holds, and gives what is nowhere to the target with the fewest calls under way. */
function byOracle(): Choose {
  const loads = new Map<string, number>();
  const load = (ref: string): number => loads.get(ref) ?? 0;
  return async (talk, caches) => {
    const refs = [...caches.keys()];
    const holder = refs.find((ref) => caches.get(ref)?.has(talk));
    const ref = holder ?? refs.reduce((least, one) => (load(one) < load(least) ? one : least));
    loads.set(ref, load(ref) + 1);
    return { ref, release: () => loads.set(ref, load(ref) - 1) };
  };
}

/** Choosing by prefix: how long it takes, and how many caches it meets beside somebody who sees into them. */
export async function measurePrefixRouting(): Promise<void> {
  await measureDecision();
  const talks = drawTalks();
  const best = await countHits(talks, byOracle());
  const value = await countHits(talks, byRouter('conversation'));
  const blind = await countHits(talks, byRouter('none'));
  console.error(`Without keeping calls together ${blind} of ${REQUESTS} would have met their prefix.`);
  printFigure({
    name: 'platform: caches met by prefix routing beside an oracle',
    value,
    unit: 'hits',
    reference: best,
    target: '>= 0.9x',
    pass: value >= 0.9 * best,
  });
}
