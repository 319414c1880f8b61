import type { ExpressionBuilder, SqlBool, Expression } from 'kysely';
import type { Row, Tables } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** A file that one version of a character carries; `position` is its order in the card, container parts come last. */
export type VersionAsset = Omit<Row<'versionAsset'>, 'versionId'>;
/** With what is known of its bytes. */
export type StoredAsset = VersionAsset & { mediaType: string; size: number };

export async function putAsset(
  trx: Trx,
  asset: { hash: string; mediaType: string; size: number; createdAt: number },
): Promise<void> {
  await trx
    .insertInto('asset')
    .values(asset)
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}

/** Rows of one insert: a parameter for each column, and SQLite takes 32,766 of them. */
const ROWS_AT_ONCE = 500;

export async function insertVersionAssets(trx: Trx, versionId: string, assets: readonly VersionAsset[]): Promise<void> {
  for (let start = 0; start < assets.length; start += ROWS_AT_ONCE) {
    const rows = assets.slice(start, start + ROWS_AT_ONCE).map((asset) => ({ ...asset, versionId }));
    await trx.insertInto('versionAsset').values(rows).execute();
  }
}

/** Gives a new version the files of the one before it. */
export async function copyVersionAssets(trx: Trx, { from, to }: { from: string; to: string }): Promise<void> {
  const rows = await trx.selectFrom('versionAsset').selectAll().where('versionId', '=', from).execute();
  await insertVersionAssets(
    trx,
    to,
    rows.map(({ versionId: _from, ...asset }) => asset),
  );
}

export async function listVersionAssets(db: Db | Trx, versionId: string): Promise<StoredAsset[]> {
  return db
    .selectFrom('versionAsset')
    .innerJoin('asset', 'asset.hash', 'versionAsset.hash')
    .select(['position', 'type', 'name', 'ext', 'uri', 'versionAsset.hash as hash', 'mediaType', 'size'])
    .where('versionId', '=', versionId)
    .orderBy('position')
    .execute();
}

/** A file's type, when a character that this person can see or has talked with, or a persona of theirs, carries it. */
export async function readVisibleAsset(
  db: Db,
  { hash, userId }: { hash: string; userId: string },
): Promise<{ mediaType: string; size: number } | undefined> {
  return db
    .selectFrom('asset')
    .select(['mediaType', 'size'])
    .where('hash', '=', hash)
    .where((where) => isCarried(where, userId))
    .executeTakeFirst();
}

/** A file's type, whoever asks. */
export async function readAsset(db: Db, hash: string): Promise<{ mediaType: string; size: number } | undefined> {
  return db.selectFrom('asset').select(['mediaType', 'size']).where('hash', '=', hash).executeTakeFirst();
}

/** True when some version or persona carries the file. */
export async function isAssetUsed(db: Db, hash: string): Promise<boolean> {
  const row = await db
    .selectFrom('asset')
    .select('hash')
    .where('hash', '=', hash)
    .where((where) => isCarried(where))
    .executeTakeFirst();
  if (row) return true;
  // A conversation's file of the same bytes is the same blob.
  const file = await db.selectFrom('attachment').select('id').where('hash', '=', hash).limit(1).executeTakeFirst();
  return file !== undefined;
}

/** Assets nothing refers to any more. */
export async function listUnusedAssets(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('asset')
    .select('hash')
    .where((where) => where.not(isCarried(where)))
    .execute();
  return rows.map((row) => row.hash);
}

export async function deleteAsset(trx: Trx, hash: string): Promise<void> {
  await trx.deleteFrom('asset').where('hash', '=', hash).execute();
}

/** Whether something carries `asset.hash`; for one person, only what they can see. */
function isCarried(where: ExpressionBuilder<Tables, 'asset'>, userId?: string): Expression<SqlBool> {
  const pictures = where
    .selectFrom('characterVersion')
    .innerJoin('character', 'character.id', 'characterVersion.characterId')
    .select('characterVersion.id')
    .whereRef('characterVersion.pictureHash', '=', 'asset.hash');
  const files = where
    .selectFrom('versionAsset')
    .innerJoin('characterVersion', 'characterVersion.id', 'versionAsset.versionId')
    .innerJoin('character', 'character.id', 'characterVersion.characterId')
    .select('versionAsset.position')
    .whereRef('versionAsset.hash', '=', 'asset.hash');
  const personas = where.selectFrom('persona').select('persona.id').whereRef('persona.pictureHash', '=', 'asset.hash');
  const worlds = where.selectFrom('world').select('world.id').whereRef('world.pictureHash', '=', 'asset.hash');
  if (userId === undefined) {
    return where.or([pictures, files, personas, worlds].map((carriers) => where.exists(carriers)));
  }
  return where.or([
    where.exists(
      pictures.where((own) => own.or([own('character.ownerId', 'is', null), own('character.ownerId', '=', userId)])),
    ),
    where.exists(
      files.where((own) => own.or([own('character.ownerId', 'is', null), own('character.ownerId', '=', userId)])),
    ),
    where.exists(personas.where('persona.ownerId', '=', userId)),
    where.exists(pictures.where('character.id', 'in', metAsGuest(where, userId))),
    where.exists(worlds.where('world.ownerId', '=', userId)),
  ]);
}

/** Characters of the rooms that somebody is a guest in. */
function metAsGuest(where: ExpressionBuilder<Tables, 'asset'>, userId: string) {
  return where
    .selectFrom('participant as seat')
    .innerJoin('participant as met', 'met.conversationId', 'seat.conversationId')
    .select('met.subjectId')
    .where('seat.subjectId', '=', userId)
    .where('seat.role', '=', 'guest')
    .where('seat.leftAt', 'is', null);
}
