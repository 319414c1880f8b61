import { preferencesSchema, type Me, type Preferences, type UpdateMe, type User } from '../../contract/accounts.ts';
import { localeSchema, type Locale } from '../../contract/common.ts';
import type { Clock } from '../base/clock.ts';
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  UnauthenticatedError,
} from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Storage } from '../storage/storage.ts';
import { requireOwner, type Actor } from './actor.ts';
import { deleteOpenLinks } from './link-store.ts';
import { deleteKeysOf } from './key-store.ts';
import { deleteOtherSessions } from './session-store.ts';
import type { SessionEngine } from './session-engine.ts';
import { isUniqueViolation } from './unique-violation.ts';
import {
  deleteUser,
  findPasswordHash,
  findUser,
  findUserByUsername,
  listUsers,
  replacePasswordHash,
  updateUser,
  type UserRecord,
} from './user-store.ts';

/** Removes what a person made elsewhere in the house. Safe to run again after a crash. */
export type DeleteUserHook = (userId: string) => Promise<void>;

export interface PeopleOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  engine: () => Promise<SessionEngine>;
}

/** The people of the house: who they are, what they prefer, and their passwords. */
export class People {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #engine: () => Promise<SessionEngine>;
  readonly #deleteHooks: DeleteUserHook[] = [];

  constructor({ storage, clock, newId, engine }: PeopleOptions) {
    this.#storage = storage;
    this.#clock = clock;
    this.#newId = newId;
    this.#engine = engine;
  }

  async me(actor: Actor): Promise<Me> {
    const user = await this.#require(actor.userId);
    const locale = localeSchema.safeParse(user.locale);
    return {
      id: user.id,
      name: user.name,
      username: user.username,
      role: user.role,
      locale: locale.success ? locale.data : null,
      hasPassword: user.hasPassword,
      onboarded: user.onboarded,
      preferences: parsePreferences(user.preferences),
      sessionId: actor.sessionId,
    };
  }

  /** The name characters call a person by; empty until they gave one. */
  async nameOf(userId: string): Promise<string> {
    return (await findUser(this.#storage.db, userId))?.name ?? '';
  }

  async preferencesOf(userId: string): Promise<Preferences> {
    return parsePreferences((await findUser(this.#storage.db, userId))?.preferences ?? '{}');
  }

  async localeOf(userId: string): Promise<Locale | null> {
    const user = await findUser(this.#storage.db, userId);
    return localeSchema.safeParse(user?.locale).data ?? null;
  }

  async update(actor: Actor, { preferences, name, locale, onboarded }: UpdateMe): Promise<Me> {
    await this.#storage.transaction(async (trx) => {
      const user = await findUser(trx, actor.userId);
      if (!user) throw new UnauthenticatedError();
      await updateUser(trx, {
        id: user.id,
        now: this.#clock.now(),
        changes: {
          ...(name === undefined ? {} : { name }),
          ...(locale === undefined ? {} : { locale }),
          ...(onboarded === undefined ? {} : { onboarded }),
          ...(preferences === undefined
            ? {}
            : { preferences: JSON.stringify({ ...parsePreferences(user.preferences), ...preferences }) }),
        },
      });
    });
    return this.me(actor);
  }

  /**
   * Sets name and password for signing in. Who has a password must know it, except at the terminal,
   * which already reads the owner's files. Every other session and open sign-in link ends.
   */
  async setPassword(
    actor: Actor,
    {
      username,
      password,
      currentPassword,
    }: { username: string; password: string; currentPassword?: string | undefined },
  ): Promise<Me> {
    const engine = await this.#engine();
    const before = await findPasswordHash(this.#storage.db, actor.userId);
    if (before !== null && actor.via !== 'terminal') {
      await requireCurrentPassword({ engine, hash: before, password: currentPassword });
    }
    const hash = await engine.hashPassword(password);
    await this.#storage
      .transaction(async (trx) => {
        const now = this.#clock.now();
        const userId = actor.userId;
        const holder = await findUserByUsername(trx, username);
        if (holder && holder.id !== userId) throw usernameTaken();
        await updateUser(trx, { id: userId, now, changes: { username } });
        if (!(await replacePasswordHash(trx, { id: this.#newId(), userId, hash, expected: before, now }))) {
          throw new ConflictError('The password was changed at the same moment elsewhere.', {
            code: 'password-changed',
          });
        }
        await deleteOtherSessions(trx, { userId, except: actor.sessionId });
        await deleteOpenLinks(trx, { kind: 'sign-in', userId });
      })
      .catch((error: unknown) => {
        throw isUniqueViolation(error) ? usernameTaken() : error;
      });
    return this.me(actor);
  }

  async list(actor: Actor): Promise<User[]> {
    requireOwner(actor);
    return (await listUsers(this.#storage.db)).map(({ id, name, username, role, createdAt }) => ({
      id,
      name,
      username,
      role,
      createdAt,
    }));
  }

  /** Adds what must go when a person goes. */
  onDelete(hook: DeleteUserHook): void {
    this.#deleteHooks.push(hook);
  }

  /** Removes a person with everything that is theirs. They are locked out first, so that nothing new appears. */
  async remove(actor: Actor, userId: string): Promise<void> {
    requireOwner(actor);
    const { db } = this.#storage;
    const user = await findUser(db, userId);
    if (!user) throw new NotFoundError('There is no such person.');
    if (user.role === 'owner')
      throw new ForbiddenError('The owner of the house cannot be removed.', { code: 'owner-stays' });
    await deleteKeysOf(db, userId);
    await deleteOpenLinks(db, { kind: 'sign-in', userId });
    await deleteOtherSessions(db, { userId, except: null });
    for (const hook of this.#deleteHooks) await hook(userId);
    await deleteUser(db, userId);
  }

  async #require(userId: string): Promise<UserRecord> {
    const user = await findUser(this.#storage.db, userId);
    if (!user) throw new UnauthenticatedError();
    return user;
  }
}

export function usernameTaken(): ConflictError {
  return new ConflictError('Somebody here already has this name for signing in. Choose another.', {
    code: 'username-taken',
    field: 'username',
  });
}

async function requireCurrentPassword({
  engine,
  hash,
  password,
}: {
  engine: SessionEngine;
  hash: string;
  password: string | undefined;
}): Promise<void> {
  if (password !== undefined && (await engine.verifyPassword({ hash, password }))) return;
  throw new InvalidInputError(
    password === undefined ? 'Give the current password too.' : 'The current password is wrong.',
    {
      code: 'wrong-password',
      field: 'currentPassword',
    },
  );
}

/** What an older version stored may lack keys or hold ones that are gone. */
function parsePreferences(text: string): Preferences {
  const parsed = preferencesSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : preferencesSchema.parse({});
}
