import { z } from 'zod';
import { keyScopeSchema } from '../../contract/accounts.ts';
import type { ChangePlatformKey, CreatePlatformKey, PlatformKey, ShownKey } from '../../contract/platform-keys.ts';
import type { Clock } from '../base/clock.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Db } from '../storage/storage.ts';
import type { Actor } from './actor.ts';
import { newKeySecret } from './key-secret.ts';
import { insertKey } from './key-store.ts';
import { requireRoomForKey } from './key-room.ts';
import { findPlatformKey, listPlatformKeys, updatePlatformKey, type PlatformKeyRow } from './platform-key-store.ts';
import { reaches, type Teams } from './teams.ts';

const scopesSchema = z.array(keyScopeSchema);
const modelsSchema = z.array(z.string());

/** Keys as developers keep them: limited, shared by teams, rotated without an outage. */
export class PlatformKeys {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #teams: Teams;

  constructor({ db, clock, newId, teams }: { db: Db; clock: Clock; newId: NewId; teams: Teams }) {
    this.#db = db;
    this.#clock = clock;
    this.#newId = newId;
    this.#teams = teams;
  }

  /** One's own and those of teams one belongs to; ended ones too. */
  async list(actor: Actor): Promise<PlatformKey[]> {
    const teams = await this.#teams.list(actor);
    const rows = await listPlatformKeys(this.#db, { userId: actor.userId, teamIds: teams.map(({ id }) => id) });
    const roles = new Map(teams.map(({ id, role }) => [id, role]));
    return rows.map((row) => {
      const role = row.teamId === null ? undefined : roles.get(row.teamId);
      return present(row, row.userId === actor.userId || (role !== undefined && reaches(role, 'admin')));
    });
  }

  async create(actor: Actor, request: CreatePlatformKey): Promise<ShownKey> {
    const { teamId, models, scopes, expiresAt, ...rest } = request;
    if (teamId !== null) await this.#teams.require(actor, teamId, 'member');
    const now = this.#clock.now();
    requireFuture(expiresAt, now);
    await requireRoomForKey(this.#db, actor.userId);
    const { key, hash, prefix } = newKeySecret();
    const id = this.#newId();
    await insertKey(this.#db, {
      ...rest,
      id,
      userId: actor.userId,
      hash,
      prefix,
      scopes: JSON.stringify([...new Set(scopes)]),
      createdAt: now,
      lastUsedAt: null,
      revokedAt: null,
      teamId,
      models: storedModels(models),
      expiresAt,
      previousHash: null,
      previousUntil: null,
    });
    return { key, entry: present(await this.#requireManageable(actor, id), true) };
  }

  async change(actor: Actor, { id, models, ...change }: ChangePlatformKey & { id: string }): Promise<PlatformKey> {
    await this.#requireManageable(actor, id);
    if (change.expiresAt !== undefined) requireFuture(change.expiresAt, this.#clock.now());
    const given = Object.entries({ ...change, models: models === undefined ? undefined : storedModels(models) });
    await this.#update(id, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
    return present(await this.#requireManageable(actor, id), true);
  }

  /** A new secret for the same key; the old one opens until the overlap is over. */
  async rotate(actor: Actor, { id, overlapInMs }: { id: string; overlapInMs: number }): Promise<ShownKey> {
    const before = await this.#requireManageable(actor, id);
    const now = this.#clock.now();
    const { key, hash, prefix } = newKeySecret();
    const previous =
      overlapInMs === 0
        ? { previousHash: null, previousUntil: null }
        : { previousHash: before.hash, previousUntil: now + overlapInMs };
    await this.#update(id, { hash, prefix, ...previous });
    return { key, entry: present(await this.#requireManageable(actor, id), true) };
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    await this.#requireManageable(actor, id);
    await updatePlatformKey(this.#db, {
      id,
      change: { revokedAt: this.#clock.now(), previousHash: null, previousUntil: null },
    });
  }

  /** One's own keys, and those of teams in which one is admin. To everybody else it is not there. */
  async #requireManageable(actor: Actor, id: string): Promise<PlatformKeyRow> {
    const row = await findPlatformKey(this.#db, id);
    if (row?.userId === actor.userId) return row;
    const role = row?.teamId ? await this.#teams.roleOf(actor, row.teamId) : null;
    if (!row?.teamId || role === null) throw new NotFoundError('There is no such API key.');
    await this.#teams.require(actor, row.teamId, 'admin');
    return row;
  }

  async #update(id: string, change: Parameters<typeof updatePlatformKey>[1]['change']): Promise<void> {
    if (Object.keys(change).length === 0 || (await updatePlatformKey(this.#db, { id, change }))) return;
    throw new ConflictError('This key was revoked. Make a new one.', { code: 'key-revoked' });
  }
}

function storedModels(models: readonly string[] | null): string | null {
  return models === null ? null : JSON.stringify([...new Set(models)]);
}

function requireFuture(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return;
  throw new InvalidInputError('This time is over already. Choose one that is still to come.', { field: 'expiresAt' });
}

function present(row: PlatformKeyRow, manageable: boolean): PlatformKey {
  const { id, name, prefix, createdAt, lastUsedAt, revokedAt, userId, userName, teamId, expiresAt } = row;
  const { requestsPerMinute, tokensPerMinute, previousUntil } = row;
  return {
    id,
    name,
    prefix,
    scopes: scopesSchema.parse(JSON.parse(row.scopes)),
    createdAt,
    lastUsedAt,
    revokedAt,
    userId,
    userName,
    teamId,
    models: row.models === null ? null : modelsSchema.parse(JSON.parse(row.models)),
    requestsPerMinute,
    tokensPerMinute,
    expiresAt,
    previousUntil,
    manageable,
  };
}
