import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { conversationsQuery } from '../../state/queries.ts';
import list from '../conversations/conversation-list.module.css';
import { ConversationRow } from '../conversations/conversation-row.tsx';

export function CharacterConversations({ characterId }: { characterId: string }) {
  const { t } = useTranslation('characters');
  const { data } = useInfiniteQuery(conversationsQuery({ character: characterId }));
  const conversations = data?.pages.flatMap((page) => page.conversations) ?? [];
  if (conversations.length === 0) return null;
  return (
    <section>
      <h2>{t('conversations')}</h2>
      <ul className={list['list']}>
        {conversations.map((conversation) => (
          <ConversationRow key={conversation.id} conversation={conversation} />
        ))}
      </ul>
    </section>
  );
}
