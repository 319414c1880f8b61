import type { Locale } from '../../../contract/common.ts';
import type { LorebookSummary, LoreTarget } from '../../../contract/lore.ts';
import { localizeCard } from '../../character/card.ts';
import { readCharacter, readCharacterVersions } from '../../character/character-store.ts';
import { listLorebookLinks, listPersonaLabels, listWorldLabels } from '../../character/lorebook-link-store.ts';
import type { LorebookRecord } from '../../character/lorebook-store.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import type { Db } from '../../storage/storage.ts';

export interface Reader {
  userId: string;
  locale: Locale;
}

/** Books as their owner reads them. Links to what was deleted are not shown; they come back with it. */
export async function presentBooks(
  db: Db,
  records: readonly LorebookRecord[],
  reader: Reader,
): Promise<LorebookSummary[]> {
  const [one] = records;
  if (!one) return [];
  const links = await listLorebookLinks(db, {
    ownerId: reader.userId,
    ...(records.length === 1 ? { lorebookId: one.id } : {}),
  });
  const names = await targetNames(
    db,
    links.map(({ target }) => target),
    reader,
  );
  return records.map(({ id, name, description, mode, entryCount, revision, createdAt, updatedAt }) => ({
    id,
    name,
    description,
    mode,
    entryCount,
    targets: links.flatMap(({ lorebookId, target }) => {
      const targetName = names.get(keyOf(target));
      return lorebookId === id && targetName !== undefined ? [{ ...target, name: targetName }] : [];
    }),
    revision,
    createdAt,
    updatedAt,
  }));
}

const keyOf = ({ kind, id }: LoreTarget) => `${kind} ${id}`;

async function targetNames(db: Db, targets: readonly LoreTarget[], reader: Reader): Promise<Map<string, string>> {
  const idsOf = (kind: LoreTarget['kind']) => [
    ...new Set(targets.filter((target) => target.kind === kind).map(({ id }) => id)),
  ];
  const found = await Promise.all([
    characterNames(db, idsOf('character'), reader),
    conversationNames(db, idsOf('conversation'), reader),
    idsOf('persona').length === 0 ? [] : listPersonaLabels(db, reader.userId),
    idsOf('world').length === 0 ? [] : listWorldLabels(db, reader.userId),
  ]);
  const [characters, conversations, personas, worlds] = found;
  return new Map([
    [keyOf({ kind: 'user', id: reader.userId }), ''],
    ...characters.map(({ id, name }) => [keyOf({ kind: 'character', id }), name] as const),
    ...conversations.map(({ id, name }) => [keyOf({ kind: 'conversation', id }), name] as const),
    ...worlds.map(({ id, name }) => [keyOf({ kind: 'world', id }), name] as const),
    ...personas.map(({ id, name, title }) => {
      return [keyOf({ kind: 'persona', id }), title === '' ? name : `${name} (${title})`] as const;
    }),
  ]);
}

async function characterNames(db: Db, ids: readonly string[], { userId, locale }: Reader) {
  const records = await Promise.all(ids.map((id) => readCharacter(db, { id, userId })));
  return records.flatMap((record) =>
    !record || record.deletedAt !== null
      ? []
      : [{ id: record.id, name: localizeCard(record.version.card, locale).name }],
  );
}

async function conversationNames(db: Db, ids: readonly string[], { userId, locale }: Reader) {
  const records = await Promise.all(ids.map((id) => readConversation(db, { id, ownerId: userId })));
  const present = records.flatMap((record) => (record && record.deletedAt === null ? [record] : []));
  const versions = await readCharacterVersions(
    db,
    present.map(({ characterVersionId }) => characterVersionId),
  );
  return present.map(({ id, title, characterVersionId }) => {
    const card = versions.get(characterVersionId)?.version.card;
    return { id, name: title ?? (card ? localizeCard(card, locale).name : '') };
  });
}
