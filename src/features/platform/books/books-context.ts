import type { Clock } from '../../../base/clock.ts';
import type { Ledger } from '../../../metering/ledger.ts';
import type { TeamDoor } from '../request-log/request-log.ts';
import type { Storage } from '../../../storage/storage.ts';

/** What reading and keeping the books needs. */
export interface BooksContext {
  storage: Storage;
  clock: Clock;
  ledger: Ledger;
  /** Who belongs to a team sees what it uses. */
  teams: TeamDoor;
}
