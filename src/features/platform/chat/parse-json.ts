import { InvalidInputError } from '../../../base/errors.ts';

/** JSON that somebody sent inside a string. Throws `InvalidInputError` naming the field. */
export function parseJson(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(`${field} is not valid JSON.`, { code: 'invalid-json', field, cause: error });
  }
}
