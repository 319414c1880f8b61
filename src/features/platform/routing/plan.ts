import type { RouteTarget } from '../../../../contract/routes.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, InvalidInputError, isAbort, RateLimitedError } from '../../../base/errors.ts';
import type { Circuit } from '../../../models/routing/circuit.ts';
import type { RetryBudget } from '../../../models/routing/retry-budget.ts';

/** What the house knows of a target. */
export interface TargetState {
  circuit: Circuit;
  /** Calls under way. */
  load: number;
}

export interface PlanOptions {
  /** The public name that answers carry. */
  name: string;
  /** In the order in which they are asked. */
  targets: readonly { target: RouteTarget; state: TargetState }[];
  retries: number;
  budget: RetryBudget;
  clock: Clock;
}

/** What came of a plan: which target answers after how many tries. `release` when its answer is over. */
export interface Attempted<T> {
  value: T;
  target: RouteTarget;
  attempts: number;
  release: () => void;
}

/** The targets of one call in their order, and what was tried of them. */
export class Plan {
  readonly name: string;
  readonly #options: PlanOptions;

  constructor(options: PlanOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** What may answer; the first is expected to. */
  get refs(): [string, ...string[]] {
    const [first, ...others] = this.#options.targets.map(({ target }) => target.ref);
    if (first === undefined) throw new Error('A plan has a target.');
    return [first, ...others];
  }

  /**
   * Asks one target after the other until one begins to answer; `attempt` resolves when it does. Throws the last
   * fault, or at once one that would be the same everywhere. `patient`: its attempts are tried again elsewhere already.
   */
  async run<T>(attempt: (target: RouteTarget) => Promise<T>, { patient = false } = {}): Promise<Attempted<T>> {
    const { targets, retries, budget, clock } = this.#options;
    budget.request(clock.monotonic());
    let attempts = 0;
    let fault: unknown;
    for (const { target, state } of targets) {
      for (let retry = 0; retry <= (patient ? 0 : retries); retry += 1) {
        if (retry > 0 && !(isWorthRetrying(fault) && budget.take(clock.monotonic()))) break;
        attempts += 1;
        const startedAt = clock.monotonic();
        state.circuit.enter();
        state.load += 1;
        const release = releaseOnce(state);
        try {
          const value = await attempt(target);
          const now = clock.monotonic();
          state.circuit.succeed({ firstByteInMs: now - startedAt, slowInMs: target.slowInMs ?? null, now });
          return { value, target, attempts, release };
        } catch (error) {
          release();
          fault = error;
          if (isOfTheCall(error)) {
            state.circuit.leave();
            throw error;
          }
          const code = error instanceof AppError ? error.code : 'unknown';
          state.circuit.fail({ code, now: clock.monotonic() });
        }
      }
    }
    throw fault;
  }
}

function releaseOnce(state: TargetState): () => void {
  let isOver = false;
  return () => {
    if (!isOver) state.load -= 1;
    isOver = true;
  };
}

/** The same wherever it is tried: the caller left, has no money, or asked wrongly. */
function isOfTheCall(error: unknown): boolean {
  if (isAbort(error)) return true;
  if (error instanceof RateLimitedError && error.code === 'insufficient-quota') return true;
  return error instanceof InvalidInputError;
}

/** At the same target: what may have passed already. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof AppError) || !error.retryable) return false;
  return !(error instanceof RateLimitedError) && error.code !== 'provider-timeout' && error.code !== 'provider-garbage';
}
