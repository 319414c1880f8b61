import type { ServerResponse } from 'node:http';

/** Chunks of a body as HTTP/1.1 frames them (RFC 9112, section 7.1). Texts are bytes in Latin-1. */
export interface OwnChunks {
  of(bytes: string): string;
  /** Behind the last of them. */
  readonly last: string;
}

const UNFRAMED: OwnChunks = { of: (bytes) => bytes, last: '' };
const FRAMED: OwnChunks = {
  of: (bytes) => (bytes === '' ? '' : `${bytes.length.toString(16)}\r\n${bytes}\r\n`),
  last: '0\r\n\r\n',
};

/**
 * For an answer whose head is written: its chunks are framed by whoever writes them from now on, each as one text, where
 * Node would write four pieces. An answer that ends with its connection, as HTTP/1.0 wants it, has none.
 */
export function ownChunks(response: ServerResponse): OwnChunks {
  if (!response.chunkedEncoding) return UNFRAMED;
  response.chunkedEncoding = false;
  return FRAMED;
}
