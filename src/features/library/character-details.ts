import type { CharacterDetails, VersionChange } from '../../../contract/library.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { changedParts } from '../../character/changed-parts.ts';
import { readCharacter, readCharacterVersions, type CharacterRecord } from '../../character/character-store.ts';
import { glimpseBook } from '../../character/glimpse-book.ts';
import { readMark } from '../../character/mark-store.ts';
import { listVersions } from '../../character/version-store.ts';
import { readTalkStatistics } from '../../conversation/tally-store.ts';
import type { Db, Storage } from '../../storage/storage.ts';

/** Versions compared for the page; the rest are in the history of versions. */
const VERSIONS_SHOWN = 12;

/** What stands on a character's page beside its card. */
export async function readCharacterDetails(
  { db }: Pick<Storage, 'db'>,
  { actor, characterId }: { actor: Actor; characterId: string },
): Promise<CharacterDetails> {
  const { userId } = actor;
  const record = await readCharacter(db, { id: characterId, userId });
  if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such character.');
  const [mark, statistics, versions] = await Promise.all([
    readMark(db, { userId, characterId }),
    readTalkStatistics(db, { ownerId: userId, characterId }),
    describeVersions(db, record),
  ]);
  return { mark, statistics, ...versions, book: glimpseBook(record.version.card) };
}

async function describeVersions(
  db: Db,
  { id, currentVersionId }: CharacterRecord,
): Promise<{ versions: VersionChange[]; versionCount: number }> {
  const all = await listVersions(db, id);
  const shown = all.slice(0, VERSIONS_SHOWN);
  // One more: the oldest that is shown is compared with the one before it.
  const cards = await readCharacterVersions(
    db,
    all.slice(0, VERSIONS_SHOWN + 1).map((version) => version.id),
  );
  const versions = shown.map((version, index) => {
    const after = cards.get(version.id)?.version;
    const before = cards.get(all[index + 1]?.id ?? '')?.version;
    return {
      versionId: version.id,
      version: version.number,
      createdAt: version.createdAt,
      newest: version.id === currentVersionId,
      changed: before && after ? changedParts(before, after) : [],
    };
  });
  return { versions, versionCount: all.length };
}
