import { InvalidInputError } from '../../base/errors.ts';

/** Why a file is no backup that can be restored; `reason` is the middle of a sentence. */
export function damagedBackup(reason: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(`This file cannot be restored: ${reason}. Nothing was changed.`, {
    code: 'backup-damaged',
    field: 'file',
    ...(cause === undefined ? {} : { cause }),
  });
}

export function newerBackup(what: string): InvalidInputError {
  return new InvalidInputError(
    `This backup was written by a newer Everwith (it has ${what}). Update Everwith, then restore it. Nothing was changed.`,
    { code: 'backup-newer', field: 'file' },
  );
}
