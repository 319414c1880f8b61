import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, test, vi } from 'vitest';
import { someConversation } from '../../../client/conversation-fixtures.ts';
import type { Conversation, ConversationList } from '../../../contract/conversations.ts';
import { changeLists, freshenLists, refreshLists } from './change-lists.ts';

const named = (id: string, change: Partial<Conversation> = {}) => someConversation({ id, updatedAt: 10, ...change });
const pinned = (id: string) => named(id, { mark: { ...named(id).mark, pinned: true } });

let queryClient: QueryClient;
beforeEach(() => {
  queryClient = new QueryClient();
});

function keep(filter: object, pages: Conversation[][]): void {
  queryClient.setQueryData(['conversations', filter], {
    pages: pages.map((conversations): ConversationList => ({ conversations, nextCursor: 'more' })),
    pageParams: pages.map(() => undefined),
  });
}
function shown(filter: object): string[] {
  const data = queryClient.getQueryData<{ pages: ConversationList[] }>(['conversations', filter]);
  return data?.pages.flatMap(({ conversations }) => conversations.map(({ id }) => id)) ?? [];
}

test('what was said last moves to the front, behind the pinned ones, and only where the newest come first', () => {
  keep({ search: '' }, [[pinned('p'), named('a')], [named('b')]]);
  keep({ search: '', sort: 'name' }, [[named('a'), named('b')]]);
  freshenLists(queryClient, named('b', { updatedAt: 20, preview: 'New' }));
  expect(shown({ search: '' })).toEqual(['p', 'b', 'a']);
  expect(shown({ search: '', sort: 'name' })).toEqual(['a', 'b']);
});

test('what is archived, moved or untagged leaves the lists it is no longer in, and no other', () => {
  for (const filter of [{ search: '' }, { archived: 'only' }, { search: 'x' }, { folder: 'f' }, { tag: 't' }]) {
    keep(filter, [[named('a'), named('b')]]);
  }
  changeLists(queryClient, ['a'], { type: 'archive', value: true });
  expect(shown({ search: '' })).toEqual(['b']);
  expect(shown({ archived: 'only' })).toEqual(['a', 'b']);
  expect(shown({ search: 'x' })).toEqual(['a', 'b']);
  changeLists(queryClient, ['b'], { type: 'move', folderId: 'g' });
  expect(shown({ folder: 'f' })).not.toContain('b');
  changeLists(queryClient, ['b'], { type: 'remove-tags', tags: ['t'] });
  expect(shown({ tag: 't' })).not.toContain('b');
  expect(shown({ search: '' })).toEqual(['b']);
});

test('a short list is read again at once, one of thousands when it is opened next', async () => {
  const read = vi.fn(() => Promise.resolve({ conversations: [], nextCursor: null }));
  const open = (filter: object) =>
    new InfiniteQueryObserver(queryClient, {
      queryKey: ['conversations', filter],
      queryFn: read,
      initialPageParam: undefined,
      getNextPageParam: () => null,
      staleTime: Number.POSITIVE_INFINITY,
    }).subscribe(() => undefined);
  keep({ tag: 'short' }, [[named('a')]]);
  keep({ tag: 'long' }, [[named('a')], [named('b')], [named('c')], [named('d')]]);
  const close = [open({ tag: 'short' }), open({ tag: 'long' })];
  await refreshLists(queryClient);
  expect(read).toHaveBeenCalledTimes(1);
  expect(queryClient.getQueryState(['conversations', { tag: 'long' }])?.isInvalidated).toBe(true);
  for (const end of close) end();
});
