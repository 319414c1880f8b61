import type { Session } from '../../contract/accounts.ts';
import type { Clock } from '../base/clock.ts';
import { NotFoundError } from '../base/errors.ts';
import type { Db } from '../storage/storage.ts';
import type { Actor } from './actor.ts';
import { deleteSession, listSessions } from './session-store.ts';

/** The browsers a person is signed in with. */
export class Sessions {
  readonly #db: Db;
  readonly #clock: Clock;

  constructor({ db, clock }: { db: Db; clock: Clock }) {
    this.#db = db;
    this.#clock = clock;
  }

  async list(actor: Actor): Promise<Session[]> {
    const sessions = await listSessions(this.#db, { userId: actor.userId, now: this.#clock.now() });
    return sessions.map((session) => ({ ...session, current: session.id === actor.sessionId }));
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    if (!(await deleteSession(this.#db, { id, userId: actor.userId })))
      throw new NotFoundError('There is no such session.');
  }
}
