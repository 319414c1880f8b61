import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../../base/errors.ts';
import type { ChildLog } from '../host/child-server.ts';
import { isAffinityOf } from '../spec/engine-affinity.ts';
import { commonPrefixLength } from './prefix-reuse.ts';

/*
 * Files of one entry in the states folder
 *   <id>.state     the engine's own format, written by it to a temporary name and renamed
 *   <id>.json      what it is: written last, so an entry exists only when it is whole
 *   <id>.loading   exists while the native loader reads the state; one left behind means that loading killed the
 *                  process, so the entry is dropped instead of killing the next one
 */

const metaSchema = z.object({
  fingerprint: z.string(),
  role: z.enum(['stable', 'prompt', 'turn']),
  affinity: z.string().nullable(),
  bytes: z.int().positive(),
  sha256: z.string(),
  /** Base64 of little-endian 32-bit token ids. */
  tokens: z.string(),
});

/** `stable`: a shared prefix. `prompt`: all messages before a reply. `turn`: those and the reply. */
export type StateRole = z.infer<typeof metaSchema>['role'];

export interface StateEntry {
  id: string;
  role: StateRole;
  affinity: string | null;
  bytes: number;
  sha256: string;
  tokens: Uint32Array;
}

export interface StateStoreOptions {
  folder: string;
  budgetBytes: number;
  /** Everything a state depends on: weights, engine version, cache types. Other fingerprints are never offered. */
  fingerprint: string;
  log: ChildLog;
}

export interface SaveRequest {
  tokens: readonly number[];
  role: StateRole;
  affinity: string | null;
  /** Writes the state to the given path. */
  write: (path: string) => Promise<unknown>;
}

/** Temporary files younger than this may belong to another engine that is writing now. */
const abandonedAfterInMs = 10 * 60_000;

/**
 * Engine states on disk, found by the exact tokens they were computed from. The least recently used ones leave when
 * the folder outgrows its budget; several engines may share the folder.
 */
export class StateStore {
  readonly #options: StateStoreOptions;
  readonly #entries = new Map<string, StateEntry>();
  /** Ids of other models' entries, so that they are read once only. */
  readonly #foreign = new Set<string>();

  private constructor(options: StateStoreOptions) {
    this.#options = options;
  }

  static async open(options: StateStoreOptions): Promise<StateStore> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const store = new StateStore(options);
    await store.#clean();
    await store.#refresh();
    return store;
  }

  /**
   * The entry that serves most leading tokens of `wanted`, and how many. `cuttable` states (attention only) serve
   * their common prefix; others must be a whole prefix. At least one token of `wanted` is left over.
   */
  async find(
    wanted: readonly number[],
    options: { cuttable: boolean },
  ): Promise<{ entry: StateEntry; usable: number } | null> {
    await this.#refresh();
    let best: { entry: StateEntry; usable: number } | null = null;
    for (const entry of this.#entries.values()) {
      const common = Math.min(commonPrefixLength(entry.tokens, wanted), wanted.length - 1);
      const usable = options.cuttable || common === entry.tokens.length ? common : 0;
      if (usable > (best?.usable ?? 0)) best = { entry, usable };
    }
    return best;
  }

  /** Keeps a state unless the same tokens are kept already. Never throws: a full disk costs speed, not a reply. */
  async save(request: SaveRequest): Promise<boolean> {
    const { tokens, role, affinity } = request;
    const { folder, fingerprint, budgetBytes, log } = this.#options;
    const packed = Uint32Array.from(tokens);
    const id = createHash('sha256').update(fingerprint).update(`\n${role}\n`).update(packed).digest('hex').slice(0, 32);
    if (this.#entries.has(id)) {
      await this.#touch(id);
      return true;
    }
    const temporary = join(folder, `${id}.${process.pid}.tmp`);
    try {
      await writeFile(temporary, '', { mode: 0o600 });
      await request.write(temporary);
      await chmod(temporary, 0o600);
      const { size } = await stat(temporary);
      if (size === 0 || size > budgetBytes / 2) {
        await rm(temporary, { force: true });
        return false;
      }
      const entry: StateEntry = { id, role, affinity, bytes: size, sha256: await hashFile(temporary), tokens: packed };
      await rename(temporary, this.#path(id, 'state'));
      await this.#writeMeta(entry);
      this.#entries.set(id, entry);
      await this.#dropSuperseded(entry);
      await this.#keepBudget();
      return true;
    } catch (error) {
      log('warn', 'engine state was not kept', { error: errorMessage(error) });
      await rm(temporary, { force: true }).catch(() => undefined);
      return false;
    }
  }

  /** Verifies the state and hands its path to `read`. False, and the entry is gone, when it is not intact. */
  async load(entry: StateEntry, read: (path: string) => Promise<unknown>): Promise<boolean> {
    const path = this.#path(entry.id, 'state');
    const marker = this.#path(entry.id, 'loading');
    try {
      const { size } = await stat(path);
      if (size !== entry.bytes || (await hashFile(path)) !== entry.sha256) throw new Error('The content changed.');
      await writeFile(marker, String(process.pid), { mode: 0o600 });
      await read(path);
      await rm(marker, { force: true });
      await this.#touch(entry.id);
      return true;
    } catch (error) {
      this.#options.log('warn', 'engine state was dropped', { id: entry.id, error: errorMessage(error) });
      await this.#drop(entry.id);
      return false;
    }
  }

  #path(id: string, extension: 'state' | 'json' | 'loading'): string {
    return join(this.#options.folder, `${id}.${extension}`);
  }

  async #writeMeta(entry: StateEntry): Promise<void> {
    const meta: z.infer<typeof metaSchema> = {
      fingerprint: this.#options.fingerprint,
      role: entry.role,
      affinity: entry.affinity,
      bytes: entry.bytes,
      sha256: entry.sha256,
      tokens: Buffer.from(entry.tokens.buffer, entry.tokens.byteOffset, entry.tokens.byteLength).toString('base64'),
    };
    const temporary = join(this.#options.folder, `${entry.id}.${process.pid}.json.tmp`);
    await writeFile(temporary, JSON.stringify(meta), { mode: 0o600 });
    await rename(temporary, this.#path(entry.id, 'json'));
  }

  /** Reads entries that appeared (another engine's, or at the start) and forgets those that are gone. */
  async #refresh(): Promise<void> {
    const names = await readdir(this.#options.folder).catch(() => []);
    const ids = new Set(names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)));
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#entries.delete(id);
    for (const id of ids) {
      if (this.#entries.has(id) || this.#foreign.has(id)) continue;
      const entry = await this.#readEntry(id);
      if (entry === 'foreign') this.#foreign.add(id);
      else if (entry) this.#entries.set(id, entry);
      else await this.#drop(id);
    }
  }

  async #readEntry(id: string): Promise<StateEntry | 'foreign' | null> {
    const meta = await readMeta(this.#path(id, 'json'));
    if (!meta) return null;
    const { fingerprint, role, affinity, bytes, sha256 } = meta;
    if (fingerprint !== this.#options.fingerprint) return 'foreign';
    const packed = Buffer.from(meta.tokens, 'base64');
    const tokens = new Uint32Array(packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength));
    return { id, role, affinity, bytes, sha256, tokens };
  }

  /** Removes what a crash left behind: half-written files, states without description, states that killed a loader. */
  async #clean(): Promise<void> {
    const names = await readdir(this.#options.folder);
    const present = new Set(names);
    for (const name of names) {
      const id = name.split('.', 1)[0] ?? '';
      if (name.endsWith('.loading')) {
        if (!(await this.#isBeingLoaded(name))) await this.#drop(id);
      } else if (name.endsWith('.tmp') || (name.endsWith('.state') && !present.has(`${id}.json`))) {
        const info = await stat(join(this.#options.folder, name)).catch(() => null);
        if (info && Date.now() - info.mtimeMs >= abandonedAfterInMs)
          await rm(join(this.#options.folder, name), { force: true });
      }
    }
  }

  /** True while the engine that wrote the marker lives. */
  async #isBeingLoaded(marker: string): Promise<boolean> {
    try {
      const owner = Number(await readFile(join(this.#options.folder, marker), 'utf8'));
      return owner !== process.pid && process.kill(owner, 0);
    } catch {
      return false;
    }
  }

  /** A conversation needs its latest prompt and turn only. */
  async #dropSuperseded(latest: StateEntry): Promise<void> {
    if (latest.role === 'stable' || latest.affinity === null) return;
    for (const entry of this.#entries.values()) {
      if (entry.id !== latest.id && entry.role === latest.role && entry.affinity === latest.affinity) {
        await this.#drop(entry.id);
      }
    }
  }

  async #keepBudget(): Promise<void> {
    const { folder, budgetBytes } = this.#options;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.state'));
    const files: { id: string; bytes: number; usedAt: number }[] = [];
    for (const name of names) {
      const info = await stat(join(folder, name)).catch(() => null);
      if (info) files.push({ id: name.slice(0, -'.state'.length), bytes: info.size, usedAt: info.mtimeMs });
    }
    files.sort((left, right) => left.usedAt - right.usedAt);
    let total = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      if (total <= budgetBytes) return;
      await this.#drop(file.id);
      total -= file.bytes;
    }
  }

  async #touch(id: string): Promise<void> {
    const now = new Date();
    await utimes(this.#path(id, 'state'), now, now).catch(() => undefined);
  }

  async #drop(id: string): Promise<void> {
    this.#entries.delete(id);
    await removeEntry(this.#options.folder, id);
  }
}

/** Removes what a folder keeps of one conversation, whichever model or engine computed it. Returns how many states. */
export async function forgetStates(folder: string, conversationId: string): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.json')) continue;
    const meta = await readMeta(join(folder, name));
    if (!meta || !isAffinityOf(conversationId, meta.affinity)) continue;
    await removeEntry(folder, name.slice(0, -'.json'.length));
    removed += 1;
  }
  return removed;
}

async function readMeta(path: string): Promise<z.infer<typeof metaSchema> | null> {
  try {
    return metaSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

async function removeEntry(folder: string, id: string): Promise<void> {
  for (const extension of ['json', 'state', 'loading']) await rm(join(folder, `${id}.${extension}`), { force: true });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
