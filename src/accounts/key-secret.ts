import { hash } from 'node:crypto';
import { newSecret } from '../base/ids.ts';

export const KEY_PREFIX = 'ew_';
/** Characters shown to tell keys apart; 30 bits of the secret, the other 226 stay unknown. */
const SHOWN_CHARACTERS = 8;

/** 256 random bits, and what is kept of them. Being random, they need no slow hash. */
export function newKeySecret(): { key: string; hash: string; prefix: string } {
  const key = `${KEY_PREFIX}${newSecret()}`;
  return { key, hash: hashKey(key), prefix: key.slice(0, SHOWN_CHARACTERS) };
}

export function hashKey(key: string): string {
  return hash('sha256', key, 'hex');
}
