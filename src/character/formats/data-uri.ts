import { extension } from './media-extension.ts';

export interface DataUri {
  mediaType: string;
  ext: string;
  bytes: Buffer;
}

/** A `data:` address (RFC 2397), base64 or percent-encoded; null for anything else. */
export function readDataUri(uri: string): DataUri | null {
  if (!/^data:/i.test(uri)) return null;
  const comma = uri.indexOf(',');
  if (comma < 0 || comma > 500) return null;
  const head = uri.slice(5, comma);
  const mediaType = (head.split(';', 1)[0] ?? '').trim().toLowerCase();
  const body = uri.slice(comma + 1);
  const bytes = /;\s*base64\s*$/i.test(head) ? Buffer.from(body, 'base64') : percentDecoded(body);
  return bytes && bytes.length > 0 ? { mediaType, ext: extension(mediaType), bytes } : null;
}

function percentDecoded(text: string): Buffer | null {
  try {
    return Buffer.from(decodeURIComponent(text), 'utf8');
  } catch {
    return null;
  }
}

export function writeDataUri(mediaType: string, bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return `data:${mediaType};base64,${base64}`;
}
