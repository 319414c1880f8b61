import { queryOptions, useQuery } from '@tanstack/react-query';
import type { QuickReplySet } from '../../../contract/quick-replies.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { useMe } from '../../state/use-me.ts';

export const quickRepliesQuery = queryOptions({
  queryKey: ['quickReplies'],
  queryFn: async ({ signal }) => (await api.call('quickReplySets', { signal })).sets,
});

/** The sets that are shown in a conversation. Guests of a room have none, nor has whoever switched them all off. */
export function useQuickRepliesOf({ id, character }: Conversation): QuickReplySet[] {
  const me = useMe();
  const isWanted = me.role !== 'guest' && me.preferences.quickReplies;
  const { data: sets = [] } = useQuery({ ...quickRepliesQuery, enabled: isWanted });
  if (!isWanted) return [];
  const subjects = { everywhere: null, character: character.id, conversation: id };
  return sets.filter(({ on, scope, subjectId }) => on && subjectId === subjects[scope]);
}
