import { NotFoundError, UnavailableError } from '../../base/errors.ts';
import { createRemoteModel } from '../remote/remote-model.ts';
import type { ScriptedModel } from '../scripted/scripted-model.ts';
import type { ModelHandle } from '../spec/model-handle.ts';
import type { DefaultModel } from './default-model.ts';
import type { LocalEngines } from './local-engines.ts';
import type { ModelDirectory } from './model-directory.ts';
import { toRemoteProvider, type ProviderStore } from './provider-store.ts';

export interface HouseModelDirectoryOptions {
  defaultModel: DefaultModel;
  /** Null where this process does not run engines. */
  engines: LocalEngines | null;
  providers: ProviderStore;
  /** Only in tests. */
  scripted: ScriptedModel | null;
}

/** `local:<catalog id>`, `<provider id>:<model name>`, or `scripted:<name>`. */
export class HouseModelDirectory implements ModelDirectory<ModelHandle> {
  readonly #options: HouseModelDirectoryOptions;

  constructor(options: HouseModelDirectoryOptions) {
    this.#options = options;
  }

  async resolve(ref: string | null, signal: AbortSignal): Promise<ModelHandle> {
    const { defaultModel, engines, providers, scripted } = this.#options;
    const wanted = ref ?? (await defaultModel.wait(signal));
    const { place, name } = splitRef(wanted);
    if (place === 'local') {
      if (engines) return engines.handle(name, signal);
      throw new UnavailableError('This server does not run models itself: choose one of a provider.', {
        code: 'no-engine-here',
        retryable: false,
      });
    }
    if (scripted && wanted === scripted.ref) return scripted;
    const provider = (await providers.list()).find((record) => record.id === place);
    if (!provider) {
      throw new NotFoundError('The provider of this model was removed: choose another model.', {
        code: 'model-unknown',
      });
    }
    return createRemoteModel({ provider: toRemoteProvider(provider), model: name });
  }
}

/** The part before the first colon says where, the rest is the name there. */
export function splitRef(ref: string): { place: string; name: string } {
  const colon = ref.indexOf(':');
  if (colon < 1 || colon === ref.length - 1) {
    throw new NotFoundError(`“${ref.slice(0, 80)}” does not name a model.`, { code: 'model-unknown' });
  }
  return { place: ref.slice(0, colon), name: ref.slice(colon + 1) };
}
