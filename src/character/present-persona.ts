import type { Persona } from '../../contract/personas.ts';
import type { PersonaRecord } from './persona-store.ts';

/** A persona as its owner reads it. */
export function presentPersona(record: PersonaRecord): Persona {
  const { ownerId: _owner, pictureHash, deletedAt: _deleted, ...persona } = record;
  return { ...persona, pictureUrl: personaPictureUrl(pictureHash) };
}

export function personaPictureUrl(hash: string | null): string | null {
  return hash === null ? null : `/api/assets/${hash}`;
}
