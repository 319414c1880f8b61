import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Conversation, ConversationList } from '../../../contract/conversations.ts';
import type { ConversationAction } from '../../../contract/organising.ts';
import type { ListNarrowing } from '../../state/queries.ts';

/** Pages of a list that are read again whole; a longer one is changed in its place and read again when it is opened. */
const READ_AGAIN = 3;

type Pages = InfiniteData<ConversationList, string | undefined>;
type Filter = { search?: string; character?: string } & ListNarrowing;

/** Shows at once in all lists what an action does to some conversations. */
export function changeLists(queryClient: QueryClient, ids: readonly string[], action: ConversationAction): void {
  const changed = new Set(ids);
  eachList(queryClient, (conversation, filter) =>
    changed.has(conversation.id) ? afterAction(conversation, action, filter) : conversation,
  );
}

/** A conversation as it stands now, in all lists that hold it; where the newest come first it moves to its place. */
export function freshenLists(queryClient: QueryClient, fresh: Conversation): void {
  const lists = queryClient.getQueriesData<Pages>({ queryKey: ['conversations'] });
  for (const [queryKey, data] of lists) {
    const old = data?.pages.flatMap(({ conversations }) => conversations).find(({ id }) => id === fresh.id);
    if (!data || !old) continue;
    const [, filter = {}] = queryKey as [string, Filter?];
    const moves = filter.sort === undefined && !filter.search && !fresh.mark.pinned && fresh.updatedAt > old.updatedAt;
    const pages = data.pages.map((page) => ({
      ...page,
      conversations: page.conversations.flatMap((one) => (one.id !== fresh.id ? [one] : moves ? [] : [fresh])),
    }));
    const [first] = pages;
    if (moves && first) {
      const pinned = first.conversations.filter(({ mark }) => mark.pinned);
      const others = first.conversations.filter(({ mark }) => !mark.pinned);
      first.conversations = [...pinned, fresh, ...others];
    }
    queryClient.setQueryData<Pages>(queryKey, { ...data, pages });
  }
}

/** Reads lists again: short ones now, long ones when they are opened next. */
export async function refreshLists(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({
    queryKey: ['conversations'],
    predicate: ({ state }) => pagesOf(state.data) <= READ_AGAIN,
  });
  await queryClient.invalidateQueries({
    queryKey: ['conversations'],
    refetchType: 'none',
    predicate: ({ state }) => pagesOf(state.data) > READ_AGAIN,
  });
}

function pagesOf(data: unknown): number {
  return (data as Pages | undefined)?.pages.length ?? 0;
}

function eachList(
  queryClient: QueryClient,
  change: (conversation: Conversation, filter: Filter) => Conversation | null,
): void {
  const lists = queryClient.getQueriesData<Pages>({ queryKey: ['conversations'] });
  for (const [queryKey, data] of lists) {
    if (!data) continue;
    const [, filter = {}] = queryKey as [string, Filter?];
    const pages = data.pages.map((page) => ({
      ...page,
      conversations: page.conversations.flatMap((one) => change(one, filter) ?? []),
    }));
    queryClient.setQueryData<Pages>(queryKey, { ...data, pages });
  }
}

/** Null where it is no longer in a list with this filter. */
function afterAction(conversation: Conversation, action: ConversationAction, filter: Filter): Conversation | null {
  const { mark } = conversation;
  const isPlain = !filter.search && filter.character === undefined;
  switch (action.type) {
    case 'delete':
      return null;
    case 'archive':
      if (isPlain && action.value !== (filter.archived === 'only')) return null;
      return { ...conversation, mark: { ...mark, archived: action.value } };
    case 'favourite':
      if (!action.value && filter.favourite !== undefined) return null;
      return { ...conversation, mark: { ...mark, favourite: action.value } };
    case 'pin':
      return { ...conversation, mark: { ...mark, pinned: action.value } };
    case 'mute':
      return { ...conversation, mark: { ...mark, muted: action.value } };
    case 'move':
      if (filter.folder !== undefined && filter.folder !== action.folderId) return null;
      return { ...conversation, mark: { ...mark, folderId: action.folderId } };
    case 'add-tags':
      return { ...conversation, mark: { ...mark, tags: [...new Set([...mark.tags, ...action.tags])] } };
    case 'remove-tags':
      if (filter.tag !== undefined && action.tags.includes(filter.tag)) return null;
      return { ...conversation, mark: { ...mark, tags: mark.tags.filter((tag) => !action.tags.includes(tag)) } };
    case 'restore':
      return conversation;
    default:
      return action satisfies never;
  }
}
