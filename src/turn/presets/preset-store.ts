import { presetBodySchema, type PresetBody } from '../../../contract/prompts.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import { setDeleted } from '../../storage/tombstone-store.ts';
import { builtInPresets, findBuiltInPreset } from './built-in-presets.ts';

/** A preset of a person's own. */
export interface PresetRecord {
  id: string;
  ownerId: string;
  name: string;
  body: PresetBody;
  /** Grows by one with every save. */
  revision: number;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

interface Key {
  id: string;
  ownerId: string;
}

function toRecord(row: Row<'promptPreset'>): PresetRecord {
  return { ...row, body: presetBodySchema.parse(JSON.parse(row.body)) };
}

export async function insertPreset(
  trx: Trx,
  { id, ownerId, name, body, now }: Key & { name: string; body: PresetBody; now: number },
): Promise<void> {
  await trx
    .insertInto('promptPreset')
    .values({
      id,
      ownerId,
      name,
      body: JSON.stringify(body),
      revision: 1,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    })
    .execute();
}

/** False when the preset is not there any more in the revision the change was made for. */
export async function updatePreset(
  trx: Trx,
  { id, ownerId, name, body, revision, now }: Key & { name: string; body: PresetBody; revision: number; now: number },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('promptPreset')
    .set({ name, body: JSON.stringify(body), revision: revision + 1, updatedAt: now })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('revision', '=', revision)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Deleted ones too. */
export async function readPreset(db: Db | Trx, { id, ownerId }: Key): Promise<PresetRecord | undefined> {
  const row = await db
    .selectFrom('promptPreset')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toRecord(row);
}

/** A person's own, the newest first; without the deleted ones. */
export async function listPresets(db: Db | Trx, ownerId: string): Promise<PresetRecord[]> {
  const rows = await db
    .selectFrom('promptPreset')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .orderBy('updatedAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toRecord);
}

export async function countPresets(db: Db | Trx, ownerId: string): Promise<number> {
  const { count } = await db
    .selectFrom('promptPreset')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** False when there is no such preset, or it already is as it should be. */
export function setPresetDeleted(
  trx: Trx,
  key: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  return setDeleted(trx, 'promptPreset', key);
}

/** Removes everything of one person for good. */
export async function purgePresets(trx: Trx, ownerId: string): Promise<void> {
  await trx.deleteFrom('promptPreset').where('ownerId', '=', ownerId).execute();
}

/**
 * The preset a conversation is to use: one of the house, or of its owner; the house's own where none is named and
 * where the named one is gone.
 */
export async function readPresetBody(
  db: Db | Trx,
  { id, ownerId }: { id: string | null; ownerId: string },
): Promise<{ id: string; name: string; body: PresetBody }> {
  if (id === null) return builtInPresets.stable;
  const builtIn = findBuiltInPreset(id);
  if (builtIn) return builtIn;
  const record = await readPreset(db, { id, ownerId });
  if (!record || record.deletedAt !== null) return builtInPresets.stable;
  return { id: record.id, name: record.name, body: record.body };
}
