import { InvalidInputError } from '../../../base/errors.ts';

/** The API knows what was asked for, this house does not have it. */
export function unsupported(field: string, message: string): InvalidInputError {
  return new InvalidInputError(message, { code: 'unsupported', field });
}
