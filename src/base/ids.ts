import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** Makes ids that sort by creation within one process. */
export type NewId = () => string;

/**
 * UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then a 12-bit counter, then randomness.
 * A clock that goes backwards keeps the last time seen, so ids stay monotonic.
 */
export function createIdGenerator(clock: Clock, random: (size: number) => Uint8Array = randomBytes): NewId {
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

/** An unguessable token: 32 random bytes as 43 URL-safe characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
