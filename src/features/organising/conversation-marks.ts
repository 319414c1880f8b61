import {
  CONVERSATION_TAG_LIMIT,
  type ChangedConversations,
  type ConversationAction,
  type ConversationOperation,
} from '../../../contract/organising.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { listConversationFolders } from '../../conversation/conversation-folder-store.ts';
import {
  blankMark,
  readConversationMarks,
  setConversationMarks,
  type MarkRecord,
} from '../../conversation/conversation-mark-store.ts';
import { listReadable } from '../../conversation/readable-store.ts';
import type { Trx } from '../../storage/storage.ts';
import { requireFolder } from './conversation-folders.ts';
import type { OrganisingContext } from './organising-context.ts';

type Flag = 'favourite' | 'pinned' | 'archived' | 'muted';
type Before = ReadonlyMap<string, MarkRecord>;
interface Done {
  changed: readonly string[];
  skipped: number;
  /** In the order in which they put things back. */
  undo: ConversationOperation[];
}

/** Changes of many conversations at once, as their reader keeps them, each with what undoes it. */
export class ConversationMarks {
  readonly #context: OrganisingContext;

  constructor(context: OrganisingContext) {
    this.#context = context;
  }

  /** Conversations that cannot be changed so are left out and counted. */
  async run(actor: Actor, operations: readonly ConversationOperation[]): Promise<ChangedConversations> {
    const changed = new Set<string>();
    const undo: ConversationOperation[] = [];
    let skipped = 0;
    for (const operation of operations) {
      const { type } = operation.action;
      const done =
        type === 'delete' || type === 'restore'
          ? await this.#setDeleted(actor, { ids: operation.ids, type })
          : await this.#context.storage.transaction((trx) => mark(trx, actor, operation));
      for (const id of done.changed) changed.add(id);
      skipped += done.skipped;
      undo.unshift(...done.undo);
    }
    return { changed: changed.size, skipped, undo: undo.filter(({ ids }) => ids.length > 0) };
  }

  /** Each as if it were deleted alone: replies in it end, and whoever watches is told. */
  async #setDeleted(
    actor: Actor,
    { ids, type }: { ids: readonly string[]; type: 'delete' | 'restore' },
  ): Promise<Done> {
    const changed: string[] = [];
    for (const id of new Set(ids)) {
      const isDone = await this.#context.door[type](actor, id).then(
        () => true,
        (error: unknown) => {
          if (error instanceof NotFoundError) return false;
          throw error;
        },
      );
      if (isDone) changed.push(id);
    }
    const back = { ids: changed, action: { type: type === 'delete' ? 'restore' : 'delete' } } as const;
    return { changed, skipped: new Set(ids).size - changed.length, undo: [{ ...back, ids: [...changed] }] };
  }
}

async function mark(trx: Trx, { userId }: Actor, { ids, action }: ConversationOperation): Promise<Done> {
  const there = await listReadable(trx, { userId, ids });
  const marks = await readConversationMarks(trx, { userId, conversationIds: there });
  const before = new Map(there.map((id) => [id, marks.get(id) ?? blankMark()]));
  const done = await applyAction(trx, userId, { before, action });
  return { ...done, skipped: new Set(ids).size - there.length };
}

async function applyAction(
  trx: Trx,
  userId: string,
  { before, action }: { before: Before; action: ConversationAction },
): Promise<Omit<Done, 'skipped'>> {
  switch (action.type) {
    case 'favourite':
      return setFlag(trx, userId, { before, flag: 'favourite', action });
    case 'pin':
      return setFlag(trx, userId, { before, flag: 'pinned', action });
    case 'archive':
      return setFlag(trx, userId, { before, flag: 'archived', action });
    case 'mute':
      return setFlag(trx, userId, { before, flag: 'muted', action });
    case 'move':
      return move(trx, userId, { before, folderId: action.folderId });
    case 'add-tags':
    case 'remove-tags':
      return retag(trx, userId, { before, action });
    case 'delete':
    case 'restore':
      throw new Error('Deleting is no mark.');
    default:
      return action satisfies never;
  }
}

async function setFlag(
  trx: Trx,
  userId: string,
  {
    before,
    flag,
    action,
  }: { before: Before; flag: Flag; action: { type: 'favourite' | 'pin' | 'archive' | 'mute'; value: boolean } },
): Promise<Omit<Done, 'skipped'>> {
  const changed = [...before].filter(([, record]) => record[flag] !== action.value).map(([id]) => id);
  await setConversationMarks(trx, { userId, conversationIds: changed, change: { [flag]: action.value } });
  return { changed, undo: [{ ids: changed, action: { ...action, value: !action.value } }] };
}

async function move(
  trx: Trx,
  userId: string,
  { before, folderId }: { before: Before; folderId: string | null },
): Promise<Omit<Done, 'skipped'>> {
  if (folderId !== null) requireFolder(await listConversationFolders(trx, userId), folderId);
  const moved = [...before].filter(([, record]) => record.folderId !== folderId);
  const changed = moved.map(([id]) => id);
  await setConversationMarks(trx, { userId, conversationIds: changed, change: { folderId } });
  const origins = Map.groupBy(moved, ([, record]) => record.folderId);
  const undo = [...origins].map(([origin, from]): ConversationOperation => ({
    ids: from.map(([id]) => id),
    action: { type: 'move', folderId: origin },
  }));
  return { changed, undo };
}

async function retag(
  trx: Trx,
  userId: string,
  {
    before,
    action: { type, tags },
  }: { before: Before; action: { type: 'add-tags' | 'remove-tags'; tags: readonly string[] } },
): Promise<Omit<Done, 'skipped'>> {
  const named = [...new Set(tags.map((tag) => tag.trim().normalize('NFC')))];
  const changed = new Set<string>();
  /** Ids by the tag they gained or lost. */
  const touched = new Map<string, string[]>();
  const after = new Map<string, { tags: string[]; ids: string[] }>();
  for (const [id, { tags: had }] of before) {
    const next =
      type === 'add-tags'
        ? [...new Set([...had, ...named])].slice(0, Math.max(had.length, CONVERSATION_TAG_LIMIT))
        : had.filter((tag) => !named.includes(tag));
    const differing =
      type === 'add-tags' ? next.filter((tag) => !had.includes(tag)) : had.filter((tag) => !next.includes(tag));
    if (differing.length === 0) continue;
    changed.add(id);
    for (const tag of differing) touched.set(tag, [...(touched.get(tag) ?? []), id]);
    const key = JSON.stringify(next);
    const group = after.get(key) ?? { tags: next, ids: [] };
    group.ids.push(id);
    after.set(key, group);
  }
  for (const group of after.values()) {
    await setConversationMarks(trx, { userId, conversationIds: group.ids, change: { tags: group.tags } });
  }
  const undo = [...touched].map(([tag, ids]): ConversationOperation => ({
    ids,
    action: { type: type === 'add-tags' ? 'remove-tags' : 'add-tags', tags: [tag] },
  }));
  return { changed: [...changed], undo };
}
