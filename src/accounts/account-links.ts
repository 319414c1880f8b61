import { createHash } from 'node:crypto';
import type { Invitation } from '../../contract/accounts.ts';
import type { Clock } from '../base/clock.ts';
import { ConflictError, NotFoundError } from '../base/errors.ts';
import { newSecret, type NewId } from '../base/ids.ts';
import type { Db, Trx } from '../storage/storage.ts';
import {
  consumeLink,
  deleteLink,
  deleteLinksExpiredBefore,
  insertLink,
  isLinkOpen,
  listLinks,
  type LinkKind,
} from './link-store.ts';

const MINUTE_IN_MS = 60_000;
const DAY_IN_MS = 24 * 60 * MINUTE_IN_MS;
/** Long enough to take out a phone and scan. */
const SIGN_IN_DURATION_IN_MS = 10 * MINUTE_IN_MS;
/** Long enough to reach somebody who does not look at their telephone every hour. */
const CALL_LINK_DURATION_IN_MS = DAY_IN_MS;
const INVITATION_DURATION_IN_MS = 7 * DAY_IN_MS;
/** Used and expired ones are shown for a while, then forgotten. */
const KEPT_IN_MS = 30 * DAY_IN_MS;
const MAX_INVITATIONS = 200;

export interface NewLink {
  id: string;
  /** Shown once, never stored. */
  token: string;
  createdAt: number;
  expiresAt: number;
}

/** One-time links: for another browser of the same person, and for people invited. Stored as hashes. */
export class AccountLinks {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #newId: NewId;

  constructor({ db, clock, newId }: { db: Db; clock: Clock; newId: NewId }) {
    this.#db = db;
    this.#clock = clock;
    this.#newId = newId;
  }

  async createSignIn(userId: string): Promise<NewLink> {
    return this.#create({ kind: 'sign-in', userId, note: '', durationInMs: SIGN_IN_DURATION_IN_MS });
  }

  /** For a device that is to do nothing but call, `note` says whom. */
  async createCallLink({ userId, note }: { userId: string; note: string }): Promise<NewLink> {
    return this.#create({ kind: 'sign-in', userId, note, durationInMs: CALL_LINK_DURATION_IN_MS });
  }

  async createInvitation({ userId, note }: { userId: string; note: string }): Promise<NewLink> {
    if ((await listLinks(this.#db, { kind: 'invitation', userId })).length >= MAX_INVITATIONS) {
      throw new ConflictError('There are too many invitations. Remove some old ones.', {
        code: 'too-many-invitations',
      });
    }
    return this.#create({ kind: 'invitation', userId, note, durationInMs: INVITATION_DURATION_IN_MS });
  }

  async listInvitations(userId: string): Promise<Invitation[]> {
    return (await listLinks(this.#db, { kind: 'invitation', userId })).map(
      ({ id, note, createdAt, expiresAt, usedAt }) => ({
        id,
        note,
        createdAt,
        expiresAt,
        usedAt,
      }),
    );
  }

  async deleteInvitation({ id, userId }: { id: string; userId: string }): Promise<void> {
    if (!(await deleteLink(this.#db, { kind: 'invitation', id, userId }))) {
      throw new NotFoundError('There is no such invitation.');
    }
  }

  isOpen({ kind, token }: { kind: LinkKind; token: string }): Promise<boolean> {
    return isLinkOpen(this.#db, { kind, hash: hashOf(token), now: this.#clock.now() });
  }

  /** Uses a link up, within `trx` where more hangs on it. Undefined when it was used, is too old or never was. */
  async consume({
    kind,
    token,
    trx,
  }: {
    kind: LinkKind;
    token: string;
    trx?: Trx;
  }): Promise<{ userId: string } | undefined> {
    return consumeLink(trx ?? this.#db, { kind, hash: hashOf(token), now: this.#clock.now() });
  }

  async #create(link: { kind: LinkKind; userId: string; note: string; durationInMs: number }): Promise<NewLink> {
    const { kind, userId, note, durationInMs } = link;
    const createdAt = this.#clock.now();
    const id = this.#newId();
    const token = newSecret();
    const expiresAt = createdAt + durationInMs;
    await deleteLinksExpiredBefore(this.#db, createdAt - KEPT_IN_MS);
    await insertLink(this.#db, { id, kind, hash: hashOf(token), userId, note, createdAt, expiresAt, usedAt: null });
    return { id, token, createdAt, expiresAt };
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
