import { z } from 'zod';

/** A server on this machine answers at once or is not there, milliseconds. */
const LIMIT_IN_MS = 1_500;
const DEFAULT_ADDRESS = 'http://127.0.0.1:11434';

const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })) });

export interface DetectedOllama {
  /** As a provider's base URL. */
  baseUrl: string;
  models: string[];
}

/** An Ollama that runs on this machine, or null. */
export async function detectOllama(
  signal: AbortSignal,
  { address = DEFAULT_ADDRESS, fetch: ask = fetch }: { address?: string; fetch?: typeof fetch } = {},
): Promise<DetectedOllama | null> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_IN_MS)]);
    const response = await ask(`${address}/api/tags`, { signal: limit, redirect: 'error' });
    const { models } = tagsSchema.parse(await response.json());
    return { baseUrl: `${address}/v1`, models: models.map(({ name }) => name) };
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
