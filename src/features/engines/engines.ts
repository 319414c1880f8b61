import type { CatalogModel, ModelChoice, ModelsOverview } from '../../../contract/models.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import { ConflictError } from '../../base/errors.ts';
import type { ModelEntry } from '../../models/catalog/catalog.ts';
import { chooseRecommended } from '../../models/catalog/choose-models.ts';
import type { Downloads } from '../../models/catalog/downloads.ts';
import { describeMachine } from '../../models/catalog/machine.ts';
import type { ModelStatus } from '../../models/catalog/model-status.ts';
import type { DefaultModel } from '../../models/routing/default-model.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { LocalEngines } from '../../models/routing/local-engines.ts';
import type { ProviderStore } from '../../models/routing/provider-store.ts';
import { isEmbeddingModel } from '../../models/remote/embedding-models.ts';
import { seesPictures } from '../../models/remote/sees-pictures.ts';
import { isSpeechModel } from '../../models/speech/remote/speech-offers.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import type { FirstStart } from './first-start.ts';

export interface EnginesContext {
  downloads: Downloads;
  engines: LocalEngines | null;
  defaultModel: DefaultModel;
  directory: ModelDirectory;
  providers: ProviderStore;
  firstStart: FirstStart;
  cacheDirectory: string;
  /** BCP 47, of the machine. */
  locale: string;
  /** Aborts when the house closes. */
  closing: AbortSignal;
  /** Only in tests. */
  scripted: ModelHandle | null;
}

/** The models of this house: what there is, what is being fetched, which one answers. */
export class Engines {
  readonly #context: EnginesContext;

  constructor(context: EnginesContext) {
    this.#context = context;
  }

  async overview(): Promise<ModelsOverview> {
    const { downloads, defaultModel, engines, firstStart, cacheDirectory, locale } = this.#context;
    const [entries, statuses, machine] = await Promise.all([
      downloads.entries(),
      downloads.status(),
      describeMachine(cacheDirectory),
    ]);
    const recommended = chooseRecommended({ entries, machine, locale });
    const byId = new Map(statuses.map((status) => [status.id, status]));
    const current = engines?.current() ?? null;
    return {
      models: entries
        .filter((entry) => entry.use !== 'test' || byId.get(entry.id)?.state === 'installed')
        .flatMap((entry) => {
          const status = byId.get(entry.id);
          return status ? [presentModel({ entry, status, recommendedHere: entry.id === recommended?.id })] : [];
        }),
      defaultModel: defaultModel.ref,
      active: await this.#active(),
      engine: {
        state: current?.info.state ?? 'none',
        ref: current?.ref ?? null,
        error: current?.info.error?.message ?? null,
      },
      machine: {
        ramGiB: round(machine.ramGiB),
        cores: machine.cores,
        cpu: machine.cpu,
        freeDiskGiB: round(machine.freeDiskGiB),
      },
      start: firstStart.phase,
    };
  }

  /** Everything that can be talked with now. */
  async choices(): Promise<ModelChoice[]> {
    const { downloads, engines, providers, scripted } = this.#context;
    const choices: ModelChoice[] = [];
    if (scripted) {
      const { ref, label, place, fallback, seesPictures: sees = false } = scripted;
      choices.push({ ref, label, place, fallback, seesPictures: sees });
    }
    if (engines) {
      const [entries, statuses] = await Promise.all([downloads.entries(), downloads.status()]);
      const installed = new Set(statuses.filter(({ state }) => state === 'installed').map(({ id }) => id));
      for (const { id, label, fallback } of entries.filter((entry) => installed.has(entry.id))) {
        choices.push({ ref: `local:${id}`, label, place: 'this-computer', fallback, seesPictures: false });
      }
    }
    for (const provider of await providers.list()) {
      for (const model of provider.models.filter((name) => !isSpeechModel(name) && !isEmbeddingModel(name))) {
        const label = `${model} · ${provider.name}`;
        const sees = seesPictures(provider.kind, model);
        choices.push({ ref: `${provider.id}:${model}`, label, place: 'provider', fallback: false, seesPictures: sees });
      }
    }
    return choices;
  }

  async download(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    const { downloads, defaultModel, firstStart, closing } = this.#context;
    await downloads.start(id);
    // Where nothing could be fetched before, this one becomes the model that answers.
    if (defaultModel.ref === null) {
      void downloads.wait(id, closing).then(
        () => firstStart.run(closing),
        () => undefined,
      );
    }
  }

  async cancel(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    await this.#context.downloads.cancel(id);
  }

  async remove(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    const { downloads, engines, defaultModel, firstStart, closing } = this.#context;
    if (defaultModel.ref === `local:${id}`) {
      const others = (await this.choices()).filter((choice) => choice.ref !== `local:${id}`);
      const next = others[0];
      if (!next) {
        throw new ConflictError('This is the only model of the house: fetch another one or add a provider first.', {
          code: 'last-model',
        });
      }
      await defaultModel.set(next.ref);
    }
    await engines?.release(id);
    await downloads.remove(id);
    await firstStart.run(closing);
  }

  async verify(actor: Actor, id: string, signal: AbortSignal): Promise<{ ok: boolean }> {
    requireOwner(actor);
    return this.#context.downloads.verify(id, signal);
  }

  async addFile(actor: Actor, path: string, signal: AbortSignal): Promise<CatalogModel> {
    requireOwner(actor);
    const { downloads, defaultModel } = this.#context;
    const entry = await downloads.addFile(path, signal);
    if (defaultModel.ref === null) await defaultModel.set(`local:${entry.id}`);
    return presentModel({ entry, status: await downloads.statusOf(entry.id), recommendedHere: false });
  }

  /** The house default, once it is known to be reachable as a name and, for local ones, present. */
  async choose(actor: Actor, ref: string, signal: AbortSignal): Promise<ModelsOverview> {
    requireOwner(actor);
    await this.#context.directory.resolve(ref, signal);
    await this.#context.defaultModel.set(ref);
    return this.overview();
  }

  async #active(): Promise<ModelsOverview['active']> {
    const { defaultModel } = this.#context;
    const { ref } = defaultModel;
    if (ref === null) return null;
    const choice = (await this.choices()).find((one) => one.ref === ref);
    return choice ? { ref, label: choice.label, fallback: choice.fallback, place: choice.place } : null;
  }
}

function presentModel({
  entry,
  status,
  recommendedHere,
}: {
  entry: ModelEntry;
  status: ModelStatus;
  recommendedHere: boolean;
}): CatalogModel {
  return {
    id: entry.id,
    ref: `local:${entry.id}`,
    label: entry.label,
    family: entry.family,
    use: entry.use,
    fallback: entry.fallback,
    licence: entry.licence,
    languages: entry.languages,
    sizeBytes: entry.sizeBytes,
    contextLength: entry.contextLength,
    recommendedRamGiB: entry.recommendedRamGiB,
    recommendedHere,
    state: status.state,
    receivedBytes: status.receivedBytes,
    bytesPerSecond: status.bytesPerSecond,
    etaInSeconds: status.etaInSeconds,
    source: status.source,
    error: status.error,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
