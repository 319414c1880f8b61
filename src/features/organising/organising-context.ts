import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Seat } from '../../conversation/seat.ts';
import type { Storage } from '../../storage/storage.ts';

export interface OrganisingContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  /** Whoever may read a conversation may keep it as they like; for others there is none. */
  door: {
    requireSeat(actor: Actor, id: string): Promise<Seat>;
    delete(actor: Actor, id: string): Promise<void>;
    restore(actor: Actor, id: string): Promise<unknown>;
  };
}
