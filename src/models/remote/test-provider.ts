import type { ProviderVerdict } from '../../../contract/models.ts';
import { AppError } from '../../base/errors.ts';
import { listModels, type ListOptions } from './list-models.ts';
import type { RemoteProvider } from './provider-kinds.ts';

/** Whether a provider can be used as it is set up, in words its owner can act on. Throws only when stopped. */
export async function testProvider(
  provider: RemoteProvider,
  signal: AbortSignal,
  options: ListOptions = {},
): Promise<ProviderVerdict> {
  try {
    const models = await listModels(provider, signal, options);
    return { ok: true, models: models.map(({ id }) => id), error: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return { ok: false, models: [], error: { code: error.code, message: error.message } };
  }
}
