import type { FactSource, World, WorldFact, WorldSummary } from '../../../contract/worlds.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import {
  listFacts,
  listSources,
  readLeaves,
  readPathSteps,
  readSourceMessages,
  type SourceMessage,
  type WorldFactRecord,
  type WorldFactSourceRecord,
} from '../../world/world-fact-store.ts';
import { countConversationsIn, readWorld, type WorldRecord } from '../../world/world-store.ts';

/** The actor's own world, or "there is none". */
export async function requireWorld(db: Db | Trx, actor: Pick<Actor, 'userId'>, id: string): Promise<WorldRecord> {
  const world = await readWorld(db, { id, ownerId: actor.userId });
  if (!world) throw new NotFoundError('There is no such world.');
  return world;
}

/** Worlds of one person as they read them. */
export async function presentWorlds(db: Db, records: readonly WorldRecord[], ownerId: string): Promise<World[]> {
  const conversations = await countConversationsIn(db, ownerId);
  return Promise.all(
    records.map(async (record): Promise<World> => {
      const { id, name, description, time, places, residents, revision, createdAt, updatedAt, pictureHash } = record;
      const proposed = await presentFacts(db, { worldId: id, proposedOnly: true });
      return {
        id,
        name,
        description,
        pictureUrl: pictureHash === null ? null : `/api/assets/${pictureHash}`,
        time,
        placeCount: places.length,
        residentCount: residents.length,
        proposalCount: proposed.length,
        conversationCount: conversations.get(id) ?? 0,
        revision,
        createdAt,
        updatedAt,
        places,
        residents,
      };
    }),
  );
}

export function summaryOf({ places: _places, residents: _residents, ...summary }: World): WorldSummary {
  return summary;
}

/**
 * Facts of a world, the newest first. A proposal counts only while a message that it was found in stands: not deleted,
 * not hidden, on the active path of its conversation. It comes back with the message. An accepted fact stays, and its
 * sources say whether they are still there.
 */
export async function presentFacts(
  db: Db | Trx,
  { worldId, proposedOnly = false }: { worldId: string; proposedOnly?: boolean },
): Promise<WorldFact[]> {
  const records = await listFacts(db, { worldId, ...(proposedOnly ? { states: ['proposed'] as const } : {}) });
  if (records.length === 0) return [];
  const sources = await standingSources(db, await listSources(db, worldId));
  return records
    .map((record) => presentFact(record, sources.get(record.id) ?? []))
    .filter(({ state, origin, sources: own }) => {
      return state !== 'proposed' || origin !== 'talk' || own.some(({ standing }) => standing);
    });
}

function presentFact(
  { entryBookId, entryUid, hash: _hash, stateBefore: _before, ...fact }: WorldFactRecord,
  sources: FactSource[],
): WorldFact {
  const entry = entryBookId === null || entryUid === null ? null : { bookId: entryBookId, uid: entryUid };
  return { ...fact, sources, entry };
}

async function standingSources(
  db: Db | Trx,
  sources: readonly WorldFactSourceRecord[],
): Promise<Map<string, FactSource[]>> {
  const messages = await readSourceMessages(db, [...new Set(sources.map(({ messageId }) => messageId))]);
  const onPath = await messagesOnPaths(db, [...messages.values()]);
  const found = new Map<string, FactSource[]>();
  for (const { factId, worldId: _world, ...source } of sources) {
    const standing = (messages.get(source.messageId)?.visible ?? false) && onPath.has(source.messageId);
    const own = found.get(factId) ?? [];
    // What was taken back is not shown any more.
    own.push({ ...source, quote: standing ? source.quote : '', standing });
    found.set(factId, own);
  }
  return found;
}

/** Those of the messages that are on the active path of their conversation. */
async function messagesOnPaths(db: Db | Trx, messages: readonly SourceMessage[]): Promise<Set<string>> {
  const ids = [...new Set(messages.map(({ conversationId }) => conversationId))];
  if (ids.length === 0) return new Set();
  const rows = await readLeaves(db, ids);
  const found = new Set<string>();
  for (const { leafId } of rows) {
    if (leafId === null) continue;
    for (const { id } of await readPathSteps(db, leafId)) found.add(id);
  }
  return found;
}
