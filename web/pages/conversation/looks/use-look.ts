import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { ChooseLook, Looks, Theme } from '../../../../contract/looks.ts';
import { api } from '../../../state/api.ts';
import { characterVersionQuery } from '../../../state/queries.ts';
import { useMe } from '../../../state/use-me.ts';

export const looksQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['looks', conversationId],
    queryFn: ({ signal }) => api.call('looks', { params: { id: conversationId }, signal }),
    staleTime: 60_000,
  });

/** `assistant` is the plain look of an assistant for which nobody chose another. */
export interface Look {
  theme: Theme | 'assistant';
  /** One's own picture, else the card's; null = the character's portrait. */
  backgroundUrl: string | null;
}

/** How a conversation looks to this person: as chosen for it, else for its character, else everywhere. */
export function useLook({ id, character, locale, mine }: Conversation): Look {
  const { preferences } = useMe();
  const { data: looks } = useQuery(looksQuery(id));
  const { data: version } = useQuery({
    ...characterVersionQuery(character.id, character.versionId, locale),
    // A guest may not read the card.
    enabled: mine,
  });
  const pictures = version?.pictures.filter(({ type }) => type === 'background') ?? [];
  const fromCard = pictures.find(({ name }) => name === 'main') ?? pictures[0];
  const everywhere = character.kind === 'assistant' ? 'assistant' : preferences.theme;
  return {
    theme: looks?.conversation.theme ?? looks?.character.theme ?? everywhere,
    backgroundUrl: looks?.conversation.backgroundUrl ?? looks?.character.backgroundUrl ?? fromCard?.url ?? null,
  };
}

/** Chooses for a conversation or a character. Rejects with `ApiError`. */
export function useChooseLook(conversationId: string): (choice: ChooseLook) => Promise<Looks> {
  const queryClient = useQueryClient();
  return async (choice) => {
    const looks = await api.call('chooseLook', { params: { id: conversationId }, body: choice });
    queryClient.setQueryData(looksQuery(conversationId).queryKey, looks);
    // A character's choice shows in its other conversations too.
    if (choice.for === 'character') {
      await queryClient.invalidateQueries({ queryKey: ['looks'], refetchType: 'none' });
    }
    return looks;
  };
}
