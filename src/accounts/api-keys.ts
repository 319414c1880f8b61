import { z } from 'zod';
import { keyScopeSchema, type CreatedKey, type Key, type KeyScope } from '../../contract/accounts.ts';
import type { Clock } from '../base/clock.ts';
import { NotFoundError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Db } from '../storage/storage.ts';
import { asRole, type Actor } from './actor.ts';
import { createKeyFinder, deleteKeysOf, insertKey, listKeys, revokeKey, touchKey, type KeyOwner } from './key-store.ts';
import { requireRoomForKey } from './key-room.ts';
import { hashKey, KEY_PREFIX, newKeySecret } from './key-secret.ts';

/** Use is noted at most this often: it is for people, not for billing. */
const NOTE_IN_MS = 60_000;

/** Keys that are remembered; beyond that all are read again. */
const MOST_REMEMBERED = 10_000;

interface KnownKey {
  owner: KeyOwner;
  actor: Actor;
}

const scopesSchema = z.array(keyScopeSchema);
const modelsSchema = z.array(z.string());

export interface ApiKeysOptions {
  db: Db;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  /** Another number whenever keys or people have changed; null = nobody can tell, so nothing is remembered. */
  revision: () => number | null;
}

/** API keys: 256 random bits shown once, kept as a hash. Being random, they need no slow hash. */
export class ApiKeys {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #logger: Logger;
  readonly #find: (hash: string) => Promise<KeyOwner | undefined>;
  readonly #notes = new Map<string, Promise<void>>();
  readonly #revision: () => number | null;
  /** By hash, as they were read at that revision of keys and people. */
  readonly #known = new Map<string, KnownKey>();
  #knownAt: number | null = null;

  constructor({ db, clock, newId, logger, revision }: ApiKeysOptions) {
    this.#db = db;
    this.#revision = revision;
    this.#clock = clock;
    this.#newId = newId;
    this.#logger = logger;
    this.#find = createKeyFinder(db);
  }

  async create({
    userId,
    name,
    scopes,
  }: {
    userId: string;
    name: string;
    scopes: readonly KeyScope[];
  }): Promise<CreatedKey> {
    await requireRoomForKey(this.#db, userId);
    const { key, hash, prefix } = newKeySecret();
    const id = this.#newId();
    const unique = [...new Set(scopes)];
    await insertKey(this.#db, {
      id,
      userId,
      name,
      hash,
      prefix,
      scopes: JSON.stringify(unique),
      createdAt: this.#clock.now(),
      lastUsedAt: null,
      revokedAt: null,
      teamId: null,
      models: null,
      expiresAt: null,
      requestsPerMinute: null,
      tokensPerMinute: null,
      previousHash: null,
      previousUntil: null,
    });
    return { id, name, key, scopes: unique };
  }

  /** Revoked ones too, so that a person sees what became of them. */
  async list(userId: string): Promise<Key[]> {
    return (await listKeys(this.#db, userId)).map(({ id, name, prefix, scopes, createdAt, lastUsedAt, revokedAt }) => ({
      id,
      name,
      prefix,
      scopes: parseScopes(scopes),
      createdAt,
      lastUsedAt,
      revokedAt,
    }));
  }

  async revoke({ id, userId }: { id: string; userId: string }): Promise<void> {
    if (!(await revokeKey(this.#db, { id, userId, now: this.#clock.now() }))) {
      throw new NotFoundError('There is no such API key.');
    }
  }

  /** For a person who deletes everything. */
  async deleteAll(userId: string): Promise<void> {
    await deleteKeysOf(this.#db, userId);
  }

  /** Who a key speaks for; null when it is not known or was revoked. Well under 0.1 ms. */
  async authenticate(key: string): Promise<Actor | null> {
    if (!key.startsWith(KEY_PREFIX)) return null;
    const hash = hashKey(key);
    const known = this.#recall(hash) ?? (await this.#read(hash));
    if (!known || known.owner.revokedAt !== null) return null;
    const { owner, actor } = known;
    const now = this.#clock.now();
    if (owner.expiresAt !== null && owner.expiresAt <= now) return null;
    if (owner.hash !== hash && (owner.previousUntil ?? 0) <= now) return null;
    this.#noteUse(owner);
    return actor;
  }

  #recall(hash: string): KnownKey | undefined {
    const revision = this.#revision();
    if (revision !== null && revision === this.#knownAt) return this.#known.get(hash);
    this.#known.clear();
    this.#knownAt = revision;
    return undefined;
  }

  async #read(hash: string): Promise<KnownKey | undefined> {
    const revision = this.#revision();
    const owner = await this.#find(hash);
    if (!owner) return undefined;
    const known = { owner, actor: actorOf(owner) };
    // What was changed while it was read may have been read as it was before.
    const isCurrent = revision !== null && revision === this.#revision() && revision === this.#knownAt;
    if (isCurrent) {
      if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
      this.#known.set(hash, known);
    }
    return known;
  }

  /** Waits for the notes of last use that are on their way. */
  async close(): Promise<void> {
    await Promise.all(this.#notes.values());
  }

  #noteUse({ keyId, lastUsedAt }: KeyOwner): void {
    const now = this.#clock.now();
    if (this.#notes.has(keyId) || (lastUsedAt !== null && now - lastUsedAt < NOTE_IN_MS)) return;
    const note = touchKey(this.#db, { id: keyId, now })
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'the use of a key could not be noted'))
      .finally(() => this.#notes.delete(keyId));
    this.#notes.set(keyId, note);
  }
}

function actorOf(owner: KeyOwner): Actor {
  return {
    userId: owner.userId,
    role: asRole(owner.role),
    via: 'key',
    scopes: parseScopes(owner.scopes),
    sessionId: null,
    key: {
      id: owner.keyId,
      teamId: owner.teamId,
      models: owner.models === null ? null : modelsSchema.parse(JSON.parse(owner.models)),
      requestsPerMinute: owner.requestsPerMinute,
      tokensPerMinute: owner.tokensPerMinute,
    },
  };
}

function parseScopes(text: string): KeyScope[] {
  return scopesSchema.parse(JSON.parse(text));
}
