import type { BulkAction, BulkOperation, BulkResult } from '../../../contract/library.ts';
import { OWN_TAG_LIMIT } from '../../../contract/library.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { indexOwnTags } from '../../character/character-index-store.ts';
import { setCharactersDeleted } from '../../character/character-store.ts';
import { tagKey } from '../../character/describe-for-index.ts';
import { listDeletable, listSeen } from '../../character/library-list-store.ts';
import { emptyMark, readMarks, setMark, setMarks, type CharacterMark } from '../../character/mark-store.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import { requireFolder } from './shelves.ts';

export interface BulkContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
}

interface Done {
  changed: readonly string[];
  skipped: number;
  /** In the order in which they put things back. */
  undo: BulkOperation[];
}

/** Changes of many characters at once, each with what undoes it. */
export class BulkChanges {
  readonly #context: BulkContext;

  constructor(context: BulkContext) {
    this.#context = context;
  }

  /** All operations in one transaction. Characters that cannot be changed so are left out and counted. */
  async run(actor: Actor, operations: readonly BulkOperation[]): Promise<BulkResult> {
    return this.#context.storage.transaction(async (trx) => {
      const changed = new Set<string>();
      const undo: BulkOperation[] = [];
      let skipped = 0;
      for (const operation of operations) {
        const done = await this.#runOne(trx, actor, operation);
        for (const id of done.changed) changed.add(id);
        skipped += done.skipped;
        undo.unshift(...done.undo);
      }
      return { changed: changed.size, skipped, undo: undo.filter(({ ids }) => ids.length > 0) };
    });
  }

  async #runOne(trx: Trx, actor: Actor, { ids, action }: BulkOperation): Promise<Done> {
    const wanted = [...new Set(ids)];
    if (action.type === 'delete' || action.type === 'restore') {
      return this.#setDeleted(trx, actor, { ids: wanted, type: action.type });
    }
    const seen = await listSeen(trx, { userId: actor.userId, ids: wanted });
    const marks = await readMarks(trx, { userId: actor.userId, characterIds: seen });
    const before = new Map(seen.map((id) => [id, marks.get(id) ?? emptyMark()]));
    const skipped = wanted.length - seen.length;
    if (action.type === 'favourite') return { skipped, ...(await favour(trx, actor, { before, action })) };
    if (action.type === 'move') return { skipped, ...(await move(trx, actor, { before, action })) };
    return { skipped, ...(await retag(trx, actor, { before, action })) };
  }

  async #setDeleted(
    trx: Trx,
    actor: Actor,
    { ids, type }: { ids: readonly string[]; type: 'delete' | 'restore' },
  ): Promise<Done> {
    const { clock, events } = this.#context;
    const isDelete = type === 'delete';
    const own = await listDeletable(trx, { ownerId: actor.userId, ids, deleted: !isDelete });
    await setCharactersDeleted(trx, { ids: own, ownerId: actor.userId, deletedAt: isDelete ? clock.now() : null });
    for (const id of own) {
      await events.append(trx, {
        type: isDelete ? 'character-delete' : 'character-restore',
        actorId: actor.userId,
        subjectId: id,
        payload: {},
      });
    }
    const undo: BulkOperation = { ids: [...own], action: { type: isDelete ? 'restore' : 'delete' } };
    return { changed: own, skipped: ids.length - own.length, undo: [undo] };
  }
}

type Change = Omit<Done, 'skipped'>;
type Before = ReadonlyMap<string, CharacterMark>;
type ActionOf<Type extends BulkAction['type']> = Extract<BulkAction, { type: Type }>;

async function favour(
  trx: Trx,
  actor: Actor,
  { before, action: { value } }: { before: Before; action: ActionOf<'favourite'> },
): Promise<Change> {
  const changed = [...before].filter(([, mark]) => mark.favourite !== value).map(([id]) => id);
  await setMarks(trx, { userId: actor.userId, characterIds: changed, change: { favourite: value } });
  return { changed, undo: [{ ids: changed, action: { type: 'favourite', value: !value } }] };
}

async function move(
  trx: Trx,
  actor: Actor,
  { before, action: { folderId } }: { before: Before; action: ActionOf<'move'> },
): Promise<Change> {
  if (folderId !== null) await requireFolder(trx, actor, folderId);
  const moved = [...before].filter(([, mark]) => mark.folderId !== folderId);
  const changed = moved.map(([id]) => id);
  await setMarks(trx, { userId: actor.userId, characterIds: changed, change: { folderId } });
  const origins = Map.groupBy(moved, ([, mark]) => mark.folderId);
  const undo = [...origins].map(([origin, from]): BulkOperation => ({
    ids: from.map(([id]) => id),
    action: { type: 'move', folderId: origin },
  }));
  return { changed, undo };
}

async function retag(
  trx: Trx,
  actor: Actor,
  { before, action }: { before: Before; action: ActionOf<'add-tags'> | ActionOf<'remove-tags'> },
): Promise<Change> {
  const adds = action.type === 'add-tags';
  const named = new Map(action.tags.map((tag) => [tagKey(tag) ?? tag, tag.trim()]));
  const changed: string[] = [];
  /** Ids by the tag they gained or lost. */
  const touched = new Map<string, string[]>();
  for (const [characterId, { tags }] of before) {
    const after = adds ? withTags(tags, named) : tags.filter((tag) => !named.has(tagKey(tag) ?? tag));
    const differing = adds ? after.filter((tag) => !tags.includes(tag)) : tags.filter((tag) => !after.includes(tag));
    if (differing.length === 0) continue;
    changed.push(characterId);
    for (const tag of differing) {
      const ids = touched.get(tag);
      if (ids) ids.push(characterId);
      else touched.set(tag, [characterId]);
    }
    await setMark(trx, { userId: actor.userId, characterId }, { tags: after });
    await indexOwnTags(trx, { userId: actor.userId, characterId, tags: after });
  }
  const undo = [...touched].map(([tag, ids]): BulkOperation => ({
    ids,
    action: { type: adds ? 'remove-tags' : 'add-tags', tags: [tag] },
  }));
  return { changed, undo };
}

/** Existing tags first; more than a character may have are left out. */
function withTags(tags: readonly string[], named: ReadonlyMap<string, string>): string[] {
  const keys = new Set(tags.map((tag) => tagKey(tag) ?? tag));
  const added = [...named].filter(([key]) => !keys.has(key)).map(([, tag]) => tag);
  return [...tags, ...added].slice(0, Math.max(tags.length, OWN_TAG_LIMIT));
}
