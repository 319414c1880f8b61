import type { Door, HouseSettings } from '../../contract/accounts.ts';
import type { Clock } from '../base/clock.ts';
import { ForbiddenError, UnauthenticatedError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Storage, Trx } from '../storage/storage.ts';
import type { AccountLinks } from './account-links.ts';
import type { Actor } from './actor.ts';
import type { House } from './house.ts';
import { usernameTaken } from './people.ts';
import type { LiveSession, SessionEngine } from './session-engine.ts';
import { isUniqueViolation } from './unique-violation.ts';
import { anyPassword, emailOf, findUserByUsername, insertUser, replacePasswordHash, updateUser } from './user-store.ts';

export interface SignedIn {
  actor: Actor;
  setCookies: readonly string[];
}

export interface FrontDoorOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  engine: () => Promise<SessionEngine>;
  links: AccountLinks;
  house: House;
}

export interface NewMember {
  name: string;
  username: string;
  password: string;
  invitation?: string | undefined;
}

/** How people come in: by a link, by a password, or as somebody new. */
export class FrontDoor {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #engine: () => Promise<SessionEngine>;
  readonly #links: AccountLinks;
  readonly #house: House;

  constructor({ storage, clock, newId, engine, links, house }: FrontDoorOptions) {
    this.#storage = storage;
    this.#clock = clock;
    this.#newId = newId;
    this.#engine = engine;
    this.#links = links;
    this.#house = house;
  }

  /** What somebody outside may know. */
  async look(invitation: string | undefined): Promise<Door> {
    const [{ signUp }, hasPasswords, invitationValid] = await Promise.all([
      this.#house.settings(),
      anyPassword(this.#storage.db),
      invitation === undefined ? null : this.#links.isOpen({ kind: 'invitation', token: invitation }),
    ]);
    return { signUp, hasPasswords, invitationValid };
  }

  async signInByLink({ token, userAgent }: { token: string; userAgent: string }): Promise<SignedIn> {
    // Loaded first: a link must not be used up by a start that fails.
    const engine = await this.#engine();
    const link = await this.#links.consume({ kind: 'sign-in', token });
    if (!link) {
      throw new UnauthenticatedError('This link was used already or is too old. Ask for a new one.', {
        code: 'link-invalid',
      });
    }
    return signedIn(await engine.startSession({ userId: link.userId, userAgent }));
  }

  async signInByPassword({
    username,
    password,
    userAgent,
  }: {
    username: string;
    password: string;
    userAgent: string;
  }): Promise<SignedIn> {
    const engine = await this.#engine();
    const user = await findUserByUsername(this.#storage.db, username);
    // An unknown name takes the same way, so that the time tells nothing.
    const session = await engine.signIn({ email: emailOf(user?.id ?? 'nobody'), password, userAgent });
    if (!session) {
      throw new UnauthenticatedError('The name or the password is wrong.', {
        code: 'wrong-password',
        field: 'password',
      });
    }
    return signedIn(session);
  }

  /** Makes an account for somebody who came by a link into a room, within the transaction that let them in. */
  async addGuest(trx: Trx, { name }: { name: string }): Promise<string> {
    const id = this.#newId();
    await insertUser(trx, { id, name, username: null, role: 'guest', now: this.#clock.now() });
    return id;
  }

  async signInGuest({ userId, userAgent }: { userId: string; userAgent: string }): Promise<SignedIn> {
    const engine = await this.#engine();
    return signedIn(await engine.startSession({ userId, userAgent }));
  }

  /** Somebody new; a guest who is invited to the house becomes a member and keeps the rooms they are in. */
  async signUp(member: NewMember, userAgent: string, guest: Actor | null = null): Promise<SignedIn> {
    const { signUp } = await this.#house.settings();
    await this.#requireWelcome(signUp, member.invitation);
    const engine = await this.#engine();
    const hash = await engine.hashPassword(member.password);
    const userId = guest?.role === 'guest' ? guest.userId : this.#newId();
    await this.#storage
      .transaction(async (trx) => {
        const now = this.#clock.now();
        if (signUp === 'invitation') {
          const link = await this.#links.consume({ kind: 'invitation', token: member.invitation ?? '', trx });
          if (!link) throw invitationInvalid();
        }
        if (await findUserByUsername(trx, member.username)) throw usernameTaken();
        const { name, username } = member;
        if (guest?.role === 'guest') {
          await updateUser(trx, { id: userId, now, changes: { name, username, role: 'member' } });
        } else await insertUser(trx, { id: userId, name, username, role: 'member', now });
        await replacePasswordHash(trx, { id: this.#newId(), userId, hash, expected: null, now });
      })
      .catch((error: unknown) => {
        throw isUniqueViolation(error) ? usernameTaken() : error;
      });
    return signedIn(await engine.startSession({ userId, userAgent }));
  }

  /** `Set-Cookie` values that make the browser forget. */
  async signOut(cookie: string): Promise<string[]> {
    return (await this.#engine()).endSession(cookie);
  }

  /** Before the slow hash, so that strangers cannot make the house compute. */
  async #requireWelcome(signUp: HouseSettings['signUp'], invitation: string | undefined): Promise<void> {
    if (signUp === 'open') return;
    if (signUp === 'off') {
      throw new ForbiddenError('Nobody new is taken in here at the moment.', { code: 'sign-up-off' });
    }
    if (invitation === undefined || !(await this.#links.isOpen({ kind: 'invitation', token: invitation })))
      throw invitationInvalid();
  }
}

function invitationInvalid(): ForbiddenError {
  return new ForbiddenError(
    'You need an invitation that was not used and is not older than a week. Ask the owner for one.',
    {
      code: 'invitation-invalid',
      field: 'invitation',
    },
  );
}

function signedIn({ userId, role, sessionId, setCookies }: LiveSession): SignedIn {
  return { actor: { userId, role, via: 'session', scopes: ['all'], sessionId }, setCookies };
}
