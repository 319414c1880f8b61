import { AppError, UnavailableError, errorMessage, isAbort } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { chooseInstalled, chooseStarter, starterCandidates } from '../../models/catalog/choose-models.ts';
import type { Downloads } from '../../models/catalog/downloads.ts';
import { describeMachine } from '../../models/catalog/machine.ts';
import { probeSources, reachableIds } from '../../models/catalog/probe-sources.ts';
import type { DefaultModel } from '../../models/routing/default-model.ts';
import type { ProviderStore } from '../../models/routing/provider-store.ts';

export interface FirstStartOptions {
  downloads: Downloads;
  defaultModel: DefaultModel;
  providers: ProviderStore;
  cacheDirectory: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** BCP 47, of the machine: the owner has not said theirs yet. */
  locale: string;
  offline: boolean;
  logger: Logger;
}

export interface StartPhase {
  phase: 'probing' | 'fetching' | 'ready' | 'stuck';
  modelId: string | null;
  error: { code: string; message: string } | null;
}

/**
 * Sees that there is a model to talk with: the one chosen before, else one that is here, else the smallest starter
 * that can be reached is fetched. States: probing → fetching → ready, or → stuck with the reason; `run` may be called
 * again from any state.
 */
export class FirstStart {
  readonly #options: FirstStartOptions;
  #phase: StartPhase = { phase: 'probing', modelId: null, error: null };
  #running: Promise<void> | undefined;

  constructor(options: FirstStartOptions) {
    this.#options = options;
  }

  get phase(): StartPhase {
    const { defaultModel } = this.#options;
    return defaultModel.ref === null ? this.#phase : { phase: 'ready', modelId: null, error: null };
  }

  run(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run(signal)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { downloads, defaultModel, offline, locale, cacheDirectory, environment } = this.#options;
    this.#phase = { phase: 'probing', modelId: null, error: null };
    const chosen = defaultModel.ref ?? (await defaultModel.load());
    if (chosen !== null && (await this.#isUsable(chosen))) return;
    defaultModel.clear();
    const [entries, statuses, machine] = await Promise.all([
      downloads.entries(),
      downloads.status(),
      describeMachine(cacheDirectory),
    ]);
    const installed = new Set(statuses.filter(({ state }) => state === 'installed').map(({ id }) => id));
    const here = chooseInstalled({ entries, installed, locale, machine });
    if (here) return this.#use(here.id, signal);
    if (offline) {
      throw new UnavailableError('This house is set to be offline and has no model: add a model file, or a provider.', {
        code: 'offline',
      });
    }
    const probes = await probeSources({
      entries: starterCandidates(entries, locale),
      environment,
      findPip: (stop) => downloads.pip(stop),
      findNpm: (stop) => downloads.npm(stop),
      signal,
    });
    const choice = chooseStarter({ entries, installed, reachable: reachableIds(probes), locale, machine });
    if (choice.kind === 'none') {
      const tried = probes.map(({ source, reason }) => `${source}: ${reason ?? 'reachable'}`).join('; ');
      throw new UnavailableError(
        `No source of models can be reached (${tried}). Connect to the network, add a model file, or add a provider.`,
        { code: 'models-unreachable' },
      );
    }
    if (choice.kind === 'fetch') {
      this.#phase = { phase: 'fetching', modelId: choice.entry.id, error: null };
      await downloads.start(choice.entry.id);
      await downloads.wait(choice.entry.id, signal);
    }
    await this.#use(choice.entry.id, signal);
  }

  async #use(id: string, signal: AbortSignal): Promise<void> {
    const { downloads, defaultModel } = this.#options;
    await downloads.locate(id, signal);
    // Somebody may have chosen a provider meanwhile.
    if (defaultModel.ref === null) await defaultModel.set(`local:${id}`);
  }

  async #isUsable(ref: string): Promise<boolean> {
    const { downloads, providers } = this.#options;
    if (ref.startsWith('scripted:')) return true;
    if (ref.startsWith('local:')) {
      const status = await downloads.statusOf(ref.slice('local:'.length)).catch(() => undefined);
      return status?.state === 'installed';
    }
    return (await providers.list()).some(({ id }) => ref.startsWith(`${id}:`));
  }

  #fail(error: unknown): void {
    const { defaultModel, logger } = this.#options;
    if (isAbort(error)) return;
    const failure =
      error instanceof AppError
        ? error
        : new UnavailableError(`The first model could not be had: ${errorMessage(error)}`, { cause: error });
    logger.warn({ err: error }, 'no first model');
    this.#phase = {
      phase: 'stuck',
      modelId: this.#phase.modelId,
      error: { code: failure.code, message: failure.message },
    };
    defaultModel.fail(failure);
  }
}
