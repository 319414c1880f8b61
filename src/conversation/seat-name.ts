import { InvalidInputError } from '../base/errors.ts';
import type { ParticipantRecord } from './participant-store.ts';

/** Marks of writing direction and other signs without a shape, with which one name can be made to look like another. */
const UNSEEN = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\p{Cc}]/gu;

/** A name on one line, without what cannot be seen. */
export function plainSeatName(name: string): string {
  const plain = name.normalize('NFC').replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  if (plain === '') throw new InvalidInputError('Give a name that can be read.', { field: 'name' });
  return plain;
}

/** The name itself, or with a number where somebody of the room is already called so. */
export function freeSeatName(name: string, participants: readonly ParticipantRecord[]): string {
  const folded = (text: string) => text.normalize('NFKC').toLowerCase();
  const taken = new Set(participants.filter(({ leftAt }) => leftAt === null).map((one) => folded(one.name)));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} (${number})`;
    if (!taken.has(folded(candidate))) return candidate;
  }
}
