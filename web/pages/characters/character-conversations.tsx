import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { conversationsQuery } from '../../state/queries.ts';
import { useSelection } from '../../ui/use-selection.ts';
import { ChooseBar } from '../conversations/choose-bar.tsx';
import list from '../conversations/conversation-list.module.css';
import { ConversationRow } from '../conversations/conversation-row.tsx';

/** What was said with a character, with all that the list of conversations can do with a row. */
export function CharacterConversations({ characterId }: { characterId: string }) {
  const { t } = useTranslation('characters');
  const { data } = useInfiniteQuery(conversationsQuery({ character: characterId }));
  const conversations = data?.pages.flatMap((page) => page.conversations) ?? [];
  const selection = useSelection(conversations.map(({ id }) => id));
  if (conversations.length === 0) return null;
  return (
    <section>
      <h2>{t('conversations')}</h2>
      {selection.active && <ChooseBar selection={selection} conversations={conversations} isArchive={false} />}
      <ul className={list['list']}>
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <ConversationRow conversation={conversation} selection={selection} isOpen={false} />
          </li>
        ))}
      </ul>
    </section>
  );
}
