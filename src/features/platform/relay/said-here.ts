import type { ProviderKind } from '../../../../contract/models.ts';
import type { RelayTarget } from '../../../models/relay/relay-target.ts';

/** Providers whose models may answer in sound themselves. */
const MAY_SPEAK: ReadonlySet<ProviderKind> = new Set(['openai', 'openai-compatible']);
/** `character/mira`, `local:voices/amy`: no provider knows such voices. */
const OWN_VOICE = /[/:]/;

/** Whether an answer is asked for in sound that the house has to make: its provider does not, or not in that voice. */
export function isSaidHere(
  { modalities, audio }: Readonly<Record<string, unknown>>,
  targets: ReadonlyMap<string, RelayTarget>,
): boolean {
  if (!Array.isArray(modalities) || !modalities.includes('audio')) return false;
  const { voice } = (audio ?? {}) as { voice?: unknown };
  const name = (voice as { id?: unknown } | undefined)?.id ?? voice;
  if (typeof name === 'string' && OWN_VOICE.test(name)) return true;
  return [...targets.values()].some(({ provider }) => !MAY_SPEAK.has(provider.kind));
}
