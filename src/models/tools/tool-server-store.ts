import { z } from 'zod';
import { toolProblemSchema } from '../../../contract/tools.ts';
import { toolClaimsSchema } from '../../../contract/tool-parts.ts';
import { NotFoundError } from '../../base/errors.ts';
import { Listeners } from '../../base/listeners.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db } from '../../storage/storage.ts';
import type { ToolList, ToolServerTarget } from './tool-server.ts';

/** Seals text with a key that lives in the data folder only. */
interface SecretBox {
  seal(text: string): string;
  open(sealed: string): string;
}

export interface ToolServerRecord extends ToolServerTarget {
  enabled: boolean;
  shared: boolean;
  /** Names of tools that are off in the whole house. */
  disabledTools: string[];
  /** What it listed last. */
  list: ToolList;
  listedAt: number | null;
  createdAt: number;
}

const addressSchema = z.discriminatedUnion('transport', [
  z.object({ transport: z.literal('stdio'), command: z.string(), args: z.array(z.string()) }),
  z.object({ transport: z.literal('http'), url: z.string(), privateAddresses: z.boolean() }),
]);
const listSchema = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      inputSchema: z.string(),
      claims: toolClaimsSchema,
      problem: toolProblemSchema.nullable(),
      digest: z.string(),
    }),
  ),
  total: z.int().nonnegative(),
});
const secretsSchema = z.record(z.string(), z.string());
const namesSchema = z.array(z.string());

/** The servers of tools of this house. Their secrets are sealed at rest and never leave the server. */
export class ToolServerStore {
  readonly #db: Db;
  readonly #secrets: SecretBox;
  readonly #listeners = new Listeners();

  constructor({ db, secrets }: { db: Db; secrets: SecretBox }) {
    this.#db = db;
    this.#secrets = secrets;
  }

  /** Called after one was added, changed, listed or removed. */
  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  async list(): Promise<ToolServerRecord[]> {
    const rows = await this.#db.selectFrom('toolServer').selectAll().orderBy('createdAt').orderBy('id').execute();
    return rows.map((row) => this.#toRecord(row));
  }

  async read(id: string): Promise<ToolServerRecord> {
    const row = await this.#db.selectFrom('toolServer').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new NotFoundError('There is no such server of tools.', { code: 'tool-server-unknown' });
    return this.#toRecord(row);
  }

  async put(record: ToolServerRecord): Promise<void> {
    const row = {
      name: record.name,
      address: JSON.stringify(addressSchema.parse(record.address)),
      sealedSecrets: this.#secrets.seal(JSON.stringify(record.secrets)),
      enabled: record.enabled ? 1 : 0,
      shared: record.shared ? 1 : 0,
      disabledTools: JSON.stringify(record.disabledTools),
      list: JSON.stringify(record.list),
      listedAt: record.listedAt,
    };
    await this.#db
      .insertInto('toolServer')
      .values({ id: record.id, createdAt: record.createdAt, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    this.#listeners.tell();
  }

  /** Keeps what a server listed; nothing happens where it is gone by now. */
  async putList(id: string, { list, now }: { list: ToolList; now: number }): Promise<void> {
    await this.#db
      .updateTable('toolServer')
      .set({ list: JSON.stringify(list), listedAt: now })
      .where('id', '=', id)
      .execute();
    this.#listeners.tell();
  }

  async delete(id: string): Promise<void> {
    await this.read(id);
    await this.#db.deleteFrom('toolServer').where('id', '=', id).execute();
    this.#listeners.tell();
  }

  #toRecord(row: Row<'toolServer'>): ToolServerRecord {
    return {
      id: row.id,
      name: row.name,
      address: addressSchema.parse(JSON.parse(row.address)),
      secrets: secretsSchema.parse(JSON.parse(this.#secrets.open(row.sealedSecrets))),
      enabled: row.enabled === 1,
      shared: row.shared === 1,
      disabledTools: namesSchema.parse(JSON.parse(row.disabledTools)),
      list: listSchema.parse(JSON.parse(row.list)),
      listedAt: row.listedAt,
      createdAt: row.createdAt,
    };
  }
}
