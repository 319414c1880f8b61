import { z } from 'zod';
import { providerKindSchema, type ProviderKind } from '../../../contract/models.ts';
import { NotFoundError } from '../../base/errors.ts';
import { Listeners } from '../../base/listeners.ts';
import type { RemoteProvider } from '../remote/provider-kinds.ts';
import type { Db } from '../../storage/storage.ts';

/** Seals text with a key that lives in the data folder only. */
export interface SecretBox {
  seal(text: string): string;
  open(sealed: string): string;
}

export interface ProviderRecord {
  id: string;
  kind: ProviderKind;
  name: string;
  baseUrl: string | null;
  apiKey: string | null;
  models: string[];
  createdAt: number;
}

export function toRemoteProvider({ id, kind, name, baseUrl, apiKey }: ProviderRecord): RemoteProvider {
  return { id, kind, name, baseUrl, ...(apiKey === null ? {} : { apiKey }) };
}

const modelsSchema = z.array(z.string());

/** The providers the owner set up. Keys are sealed at rest and never leave the server. */
export class ProviderStore {
  readonly #db: Db;
  readonly #secrets: SecretBox;
  readonly #listeners = new Listeners();

  constructor({ db, secrets }: { db: Db; secrets: SecretBox }) {
    this.#db = db;
    this.#secrets = secrets;
  }

  /** Called after one was added, changed or removed. */
  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  async list(): Promise<ProviderRecord[]> {
    const rows = await this.#db.selectFrom('provider').selectAll().orderBy('createdAt').orderBy('id').execute();
    return rows.map((row) => ({
      id: row.id,
      kind: providerKindSchema.parse(row.kind),
      name: row.name,
      baseUrl: row.baseUrl,
      apiKey: row.sealedKey === null ? null : this.#secrets.open(row.sealedKey),
      models: modelsSchema.parse(JSON.parse(row.models)),
      createdAt: row.createdAt,
    }));
  }

  async read(id: string): Promise<ProviderRecord> {
    const provider = (await this.list()).find((record) => record.id === id);
    if (!provider) throw new NotFoundError('There is no such provider.', { code: 'provider-unknown' });
    return provider;
  }

  async put(provider: ProviderRecord): Promise<void> {
    const row = {
      kind: provider.kind,
      name: provider.name,
      baseUrl: provider.baseUrl,
      models: JSON.stringify(provider.models),
      sealedKey: provider.apiKey === null ? null : this.#secrets.seal(provider.apiKey),
    };
    await this.#db
      .insertInto('provider')
      .values({ id: provider.id, createdAt: provider.createdAt, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    this.#listeners.tell();
  }

  async delete(id: string): Promise<void> {
    await this.read(id);
    await this.#db.deleteFrom('provider').where('id', '=', id).execute();
    this.#listeners.tell();
  }
}
