import { sql } from 'kysely';
import { asRole, type UserRole } from './actor.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** better-auth's name for accounts that sign in with a password. */
const CREDENTIAL = 'credential';

export interface UserRecord {
  id: string;
  name: string;
  username: string | null;
  role: UserRole;
  locale: string | null;
  onboarded: boolean;
  /** JSON. */
  preferences: string;
  hasPassword: boolean;
  createdAt: number;
}

export interface NewUser {
  id: string;
  name: string;
  username: string | null;
  role: UserRole;
  now: number;
}

/** Adds a user; false when the house already has an owner and this would be a second. */
export async function insertUser(db: Db | Trx, user: NewUser): Promise<boolean> {
  const time = new Date(user.now).toISOString();
  const query = db.insertInto('user').values({
    id: user.id,
    name: user.name,
    email: emailOf(user.id),
    emailVerified: false,
    image: null,
    username: user.username,
    role: user.role,
    locale: null,
    onboarded: 0,
    preferences: '{}',
    createdAt: time,
    updatedAt: time,
  });
  const result = await (
    user.role === 'owner' ? query.onConflict((conflict) => conflict.doNothing()) : query
  ).executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** better-auth wants an address; nobody is asked for one, and `.invalid` never resolves (RFC 2606). */
export function emailOf(userId: string): string {
  return `${userId}@everwith.invalid`;
}

export async function findOwnerId(db: Db): Promise<string | undefined> {
  return (await db.selectFrom('user').select('id').where('role', '=', 'owner').executeTakeFirst())?.id;
}

export async function findUser(db: Db | Trx, id: string): Promise<UserRecord | undefined> {
  const row = await selectUsers(db).where('user.id', '=', id).executeTakeFirst();
  return row && toRecord(row);
}

export async function findUserByUsername(db: Db | Trx, username: string): Promise<UserRecord | undefined> {
  const row = await selectUsers(db).where('user.username', '=', username).executeTakeFirst();
  return row && toRecord(row);
}

export async function listUsers(db: Db): Promise<UserRecord[]> {
  return (await selectUsers(db).orderBy('user.createdAt').orderBy('user.id').execute()).map(toRecord);
}

export interface UserChanges {
  name?: string;
  username?: string;
  locale?: string;
  onboarded?: boolean;
  /** JSON. */
  preferences?: string;
  role?: UserRole;
}

export async function updateUser(
  db: Db | Trx,
  { id, changes, now }: { id: string; changes: UserChanges; now: number },
): Promise<void> {
  const { onboarded, ...rest } = changes;
  await db
    .updateTable('user')
    .set({
      ...rest,
      ...(onboarded === undefined ? {} : { onboarded: Number(onboarded) }),
      updatedAt: new Date(now).toISOString(),
    })
    .where('id', '=', id)
    .execute();
}

/** Sessions, credentials, keys and links go with it. */
export async function deleteUser(db: Db, id: string): Promise<void> {
  await db.deleteFrom('user').where('id', '=', id).execute();
}

export async function findPasswordHash(db: Db | Trx, userId: string): Promise<string | null> {
  const row = await db
    .selectFrom('account')
    .select('password')
    .where('userId', '=', userId)
    .where('providerId', '=', CREDENTIAL)
    .executeTakeFirst();
  return row?.password ?? null;
}

/** Stores a password hash; false when it is no longer `expected` that stands there. */
export async function replacePasswordHash(
  trx: Trx,
  {
    id,
    userId,
    hash,
    expected,
    now,
  }: { id: string; userId: string; hash: string; expected: string | null; now: number },
): Promise<boolean> {
  const time = new Date(now).toISOString();
  if (expected === null) {
    const result = await trx
      .insertInto('account')
      .values({
        id,
        accountId: userId,
        providerId: CREDENTIAL,
        userId,
        password: hash,
        createdAt: time,
        updatedAt: time,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }
  const result = await trx
    .updateTable('account')
    .set({ password: hash, updatedAt: time })
    .where('userId', '=', userId)
    .where('providerId', '=', CREDENTIAL)
    .where('password', '=', expected)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function anyPassword(db: Db): Promise<boolean> {
  return (
    (await db.selectFrom('account').select('id').where('providerId', '=', CREDENTIAL).limit(1).executeTakeFirst()) !==
    undefined
  );
}

function selectUsers(db: Db | Trx) {
  return db
    .selectFrom('user')
    .leftJoin('account', (join) =>
      join.onRef('account.userId', '=', 'user.id').on('account.providerId', '=', CREDENTIAL),
    )
    .select([
      'user.id',
      'user.name',
      'user.username',
      'user.role',
      'user.locale',
      'user.onboarded',
      'user.preferences',
      'user.createdAt',
      sql<number | boolean>`"account"."password" is not null`.as('hasPassword'),
    ]);
}

type UserRow = Pick<
  Row<'user'>,
  'id' | 'name' | 'username' | 'role' | 'locale' | 'onboarded' | 'preferences' | 'createdAt'
> & {
  hasPassword: number | boolean;
};

function toRecord(row: UserRow): UserRecord {
  return {
    id: row.id,
    name: row.name,
    username: row.username,
    role: asRole(row.role),
    locale: row.locale,
    onboarded: row.onboarded !== 0,
    preferences: row.preferences,
    hasPassword: Boolean(row.hasPassword),
    createdAt: new Date(row.createdAt).getTime(),
  };
}
