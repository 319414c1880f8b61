import { IncomingMessage } from 'node:http';
import { InvalidInputError } from '../base/errors.ts';

/** The body of a route that takes bytes as they come; a body of another type was parsed and is refused. */
export function streamBody(body: unknown, mediaType: string): IncomingMessage {
  if (body instanceof IncomingMessage) return body;
  throw new InvalidInputError(`Send the bytes themselves, as ${mediaType}.`, { code: 'body-type', field: 'body' });
}
