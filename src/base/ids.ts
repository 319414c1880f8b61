import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** Makes ids that sort by creation within one process. */
export type NewId = () => string;

/**
 * UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then a 12-bit counter, then randomness.
 * A clock that goes backwards keeps the last time seen, so ids stay monotonic.
 */
export function createIdGenerator(clock: Clock, random = pooledRandom()): NewId {
  let lastTime = 0;
  let counter = 0;
  return () => {
    const now = clock.now();
    if (now > lastTime) {
      lastTime = now;
      counter = 0;
    } else if (++counter > 0xfff) {
      lastTime += 1;
      counter = 0;
    }
    const tail = Buffer.from(random(8));
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
    const time = lastTime.toString(16).padStart(12, '0');
    const hex = tail.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
  };
}

/** Bytes asked of the operating system at a time: asking for eight costs as much as asking for thousands. */
const POOL_SIZE = 4096;

function pooledRandom(): (size: number) => Uint8Array {
  let pool = new Uint8Array(0);
  let used = 0;
  return (size) => {
    if (used + size > pool.length) {
      pool = randomBytes(Math.max(size, POOL_SIZE));
      used = 0;
    }
    used += size;
    return pool.subarray(used - size, used);
  };
}

/** An unguessable token: 32 random bytes as 43 URL-safe characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
