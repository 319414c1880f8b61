import type { Voice } from '../../../contract/voice.ts';

/** A voice in a list to choose from: its name and the engine it belongs to. */
export function voiceLabel({ label, engine }: Voice): string {
  return label === engine.label ? label : `${label} · ${engine.label}`;
}
