import { sql, type Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { ResourceError } from '../base/errors.ts';
import { moveRecordsMigration } from './migrations/0006-move-records.ts';
import { lorebookDescriptionsMigration } from './migrations/0009-lorebook-descriptions.ts';
import { voiceMigration } from './migrations/0010-voice.ts';
import { memoryMigration } from './migrations/0011-memory.ts';
import { vectorRowsMigration } from './migrations/0012-vector-rows.ts';
import { roomsMigration } from './migrations/0013-rooms.ts';
import { branchesMigration } from './migrations/0014-branches.ts';
import { memoryOfRoomsMigration } from './migrations/0024-memory-of-rooms.ts';
import { requestsMigration } from './migrations/0034-requests.ts';
import { answersMigration } from './migrations/0035-answers.ts';
import { openboxMigration } from './migrations/0037-openbox.ts';
import { ledgerMigration } from './migrations/0031-ledger.ts';
import { filesAndBatchesMigration } from './migrations/0038-files-and-batches.ts';
import { routesMigration } from './migrations/0036-routes.ts';
import { webhooksMigration } from './migrations/0039-webhooks.ts';
import { consoleMigration } from './migrations/0040-console.ts';
import { uploadsMigration } from './migrations/0042-uploads.ts';
import { voiceConsentsMigration } from './migrations/0043-voice-consents.ts';
import { purposesMigration } from './migrations/0044-purposes.ts';
import { batchModelsMigration } from './migrations/0045-batch-models.ts';
import { filmsMigration } from './migrations/0046-films.ts';
import { spokenAnswersMigration } from './migrations/0049-spoken-answers.ts';
import { lighterBooksMigration } from './migrations/0041-lighter-books.ts';
import { budgetsMigration } from './migrations/0032-budgets.ts';
import { passageVectorsMigration } from './migrations/0030-passage-vectors.ts';
import { seenAndMutedMigration } from './migrations/0027-seen-and-muted.ts';
import { waypointsMigration } from './migrations/0028-waypoints.ts';
import { messageSearchMigration } from './migrations/0015-message-search.ts';
import { worldsMigration } from './migrations/0016-worlds.ts';
import { filesMigration } from './migrations/0017-files.ts';
import { quickRepliesMigration } from './migrations/0019-quick-replies.ts';
import { toolsMigration } from './migrations/0018-tools.ts';
import { organiseMigration } from './migrations/0020-organise.ts';
import { versionContentMigration } from './migrations/0005-version-content.ts';
import { charactersInDepthMigration } from './migrations/0003-characters-in-depth.ts';
import { accountsMigration } from './migrations/0002-accounts.ts';
import { libraryIndexMigration } from './migrations/0007-library-index.ts';
import { conversationsMigration } from './migrations/0001-conversations.ts';
import type { Tables } from './schema.ts';

export type StorageDialect = 'sqlite' | 'postgres';

export interface Migration {
  /** `NNNN-what`; the number orders them and is never reused. */
  name: string;
  up(context: { db: Kysely<Tables>; dialect: StorageDialect }): Promise<void>;
}

/** In order; each runs once, in one transaction together with the note that it ran. */
export const migrations: readonly Migration[] = [
  conversationsMigration,
  accountsMigration,
  charactersInDepthMigration,
  versionContentMigration,
  moveRecordsMigration,
  libraryIndexMigration,
  lorebookDescriptionsMigration,
  voiceMigration,
  memoryMigration,
  vectorRowsMigration,
  roomsMigration,
  branchesMigration,
  messageSearchMigration,
  worldsMigration,
  filesMigration,
  toolsMigration,
  quickRepliesMigration,
  organiseMigration,
  memoryOfRoomsMigration,
  seenAndMutedMigration,
  waypointsMigration,
  passageVectorsMigration,
  ledgerMigration,
  budgetsMigration,
  requestsMigration,
  answersMigration,
  routesMigration,
  openboxMigration,
  filesAndBatchesMigration,
  webhooksMigration,
  consoleMigration,
  lighterBooksMigration,
  uploadsMigration,
  voiceConsentsMigration,
  purposesMigration,
  batchModelsMigration,
  filmsMigration,
  spokenAnswersMigration,
];

export interface MigrateOptions {
  db: Kysely<Tables>;
  dialect: StorageDialect;
  clock: Clock;
  /** Called before the first migration that touches existing data. */
  backup: () => Promise<void>;
}

interface MigrationTable {
  migration: { name: string; appliedAt: number };
}

/** Brings the schema up to date; returns the names that ran. Refuses a database written by a newer Everwith. */
export async function migrate({ db, dialect, clock, backup }: MigrateOptions): Promise<string[]> {
  const ledger = db as unknown as Kysely<MigrationTable>;
  await sql`create table if not exists "migration" ("name" text primary key, "appliedAt" bigint not null)`.execute(db);
  const applied = new Set((await ledger.selectFrom('migration').select('name').execute()).map((row) => row.name));
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ResourceError(
      `The data was written by a newer Everwith (it has ${unknown.join(', ')}). Update Everwith, or restore a backup made before that.`,
      { code: 'storage-newer' },
    );
  }
  const missing = migrations.filter((migration) => !applied.has(migration.name));
  if (missing.length > 0 && applied.size > 0) await backup();
  for (const migration of missing) {
    await db.transaction().execute(async (trx) => {
      await migration.up({ db: trx, dialect });
      await (trx as unknown as Kysely<MigrationTable>)
        .insertInto('migration')
        .values({ name: migration.name, appliedAt: clock.now() })
        .execute();
    });
  }
  return missing.map((migration) => migration.name);
}
