import { characterVoiceSchema, type CharacterVoice, type Pronunciation } from '../../../contract/voice.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';

export interface CharacterVoiceKey {
  userId: string;
  characterId: string;
  locale: Locale;
}

/** Undefined where nobody chose one. */
export async function readCharacterVoice(
  db: Db | Trx,
  { userId, characterId, locale }: CharacterVoiceKey,
): Promise<CharacterVoice | undefined> {
  const row = await db
    .selectFrom('characterVoice')
    .select('body')
    .where('userId', '=', userId)
    .where('characterId', '=', characterId)
    .where('locale', '=', locale)
    .executeTakeFirst();
  return row && characterVoiceSchema.parse(JSON.parse(row.body));
}

export async function putCharacterVoice(
  db: Db | Trx,
  { voice, ...key }: CharacterVoiceKey & { voice: CharacterVoice },
): Promise<void> {
  const body = JSON.stringify(voice);
  await db
    .insertInto('characterVoice')
    .values({ ...key, body })
    .onConflict((conflict) => conflict.columns(['userId', 'characterId', 'locale']).doUpdateSet({ body }))
    .execute();
}

/** All that one person chose, for an export of what is theirs. */
export async function listCharacterVoices(
  db: Db,
  userId: string,
): Promise<{ characterId: string; locale: Locale; voice: CharacterVoice }[]> {
  const rows = await db
    .selectFrom('characterVoice')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('characterId')
    .orderBy('locale')
    .execute();
  return rows.map(({ characterId, locale, body }) => ({
    characterId,
    locale: localeSchema.parse(locale),
    voice: characterVoiceSchema.parse(JSON.parse(body)),
  }));
}

/** By word. */
export async function listPronunciations(
  db: Db | Trx,
  { ownerId, language }: { ownerId: string; language?: Locale | undefined },
): Promise<Pronunciation[]> {
  const rows = await db
    .selectFrom('pronunciation')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .$if(language !== undefined, (query) => query.where('language', '=', language ?? ''))
    .orderBy('written')
    .orderBy('id')
    .execute();
  return rows.map(toPronunciation);
}

/** A word that is there already is said the new way from now on. */
export async function putPronunciation(
  trx: Trx,
  { ownerId, ...pronunciation }: Pronunciation & { ownerId: string },
): Promise<Pronunciation> {
  const row = await trx
    .insertInto('pronunciation')
    .values({ ownerId, ...pronunciation })
    .onConflict((conflict) =>
      conflict.columns(['ownerId', 'language', 'written']).doUpdateSet({ spoken: pronunciation.spoken }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPronunciation(row);
}

/** False when there is none of that id. */
export async function deletePronunciation(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('pronunciation')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function purgeVoiceSettings(trx: Trx, userId: string): Promise<void> {
  await trx.deleteFrom('characterVoice').where('userId', '=', userId).execute();
  await trx.deleteFrom('pronunciation').where('ownerId', '=', userId).execute();
}

function toPronunciation({ ownerId: _owner, language, ...row }: Row<'pronunciation'>): Pronunciation {
  return { ...row, language: localeSchema.parse(language) };
}
