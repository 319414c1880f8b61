import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LorebookBody, TestLore } from '../../../contract/lore.ts';
import { conversationTailQuery, conversationsQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { messageText } from '../../../client/message-text.ts';
import type { BookDraft } from './book-draft.ts';
import classes from './lore-tester.module.css';
import { TestMessages } from './test-messages.tsx';
import { TestResult } from './test-result.tsx';
import { useDraft } from './use-draft.ts';
import { useLoreTest, type TestSource } from './use-lore-test.ts';

export interface LoreTesterPanelProps {
  draft: BookDraft;
  source: TestSource;
  characterId?: string;
  onOpen: (uid: string) => void;
}

/** Type a message or choose a conversation, and see at once which entries it calls, why, and what the budget cut. */
export function LoreTesterPanel({ draft, source, characterId, onOpen }: LoreTesterPanelProps) {
  const { t } = useTranslation('books');
  const errorText = useErrorText();
  const { body, state } = useDraft(draft);
  const [typed, setTyped] = useState('');
  const [conversationId, setConversationId] = useState<string | null>(null);
  const [seed, setSeed] = useState(1);
  const chosen = useChosenConversation(conversationId);
  const messages: TestLore['messages'] = [
    ...chosen.messages,
    ...(typed.trim() === '' ? [] : [{ name: '', text: typed, role: 'user' as const }]),
  ];
  const test = useLoreTest({
    source,
    body: useTestedBody(draft, source, body),
    messages,
    characterId: chosen.characterId ?? characterId,
    seed,
  });

  return (
    <>
      <h2 className={classes['title']}>{t('test.title')}</h2>
      <Textarea
        label={t('test.message')}
        placeholder={t('test.messagePlaceholder')}
        value={typed}
        rows={3}
        maxLength={100_000}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ConversationPicker value={conversationId} onChange={setConversationId} />
      {chosen.loading && <p className={classes['hint']}>{t('test.conversationLoading')}</p>}
      {source.kind === 'stored' && state !== 'saved' && <p className={classes['hint']}>{t('test.waiting')}</p>}
      {test.error !== null && (
        <p role="alert" className={classes['problem']}>
          {t('test.failed', { reason: errorText(test.error) })}
        </p>
      )}
      {messages.length === 0 && !chosen.loading && <p className={classes['hint']}>{t('test.begin')}</p>}
      {test.result !== null && messages.length > 0 && (
        <div className={classes['outcome']} aria-busy={test.running}>
          <TestResult result={test.result} onOpen={onOpen} />
          <Button variant="subtle" size="compact-sm" title={t('test.againHint')} onClick={() => setSeed(seed + 1)}>
            {t('test.again')}
          </Button>
          <TestMessages messages={test.messages} matches={test.result.matches} />
        </div>
      )}
    </>
  );
}

/** What the tester follows: a stored book changes for it when the server has the change. */
function useTestedBody(draft: BookDraft, source: TestSource, body: LorebookBody): LorebookBody {
  const { state } = useDraft(draft);
  const [saved, setSaved] = useState(body);
  if (state === 'saved' && saved !== body) setSaved(body);
  return source.kind === 'stored' ? saved : body;
}

function ConversationPicker({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation('books');
  const { data } = useInfiniteQuery(conversationsQuery({}));
  const conversations = data?.pages.flatMap((page) => page.conversations) ?? [];
  return (
    <NativeSelect
      label={t('test.conversation')}
      value={value ?? ''}
      data={[
        { value: '', label: t('test.conversationNone') },
        ...conversations.map(({ id, title, preview }) => ({ value: id, label: `${title} · ${preview.slice(0, 40)}` })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}

interface ChosenConversation {
  messages: TestLore['messages'];
  characterId: string | undefined;
  loading: boolean;
}

function useChosenConversation(id: string | null): ChosenConversation {
  const tail = useQuery({ ...conversationTailQuery(id ?? ''), enabled: id !== null });
  if (id === null) return { messages: [], characterId: undefined, loading: false };
  const messages = (tail.data?.messages ?? []).filter(({ deleted, hidden }) => !deleted && !hidden);
  return {
    loading: tail.isPending,
    characterId: tail.data?.characterId,
    messages: messages
      .map((message) => ({
        name: message.author.name,
        text: messageText(message),
        role: message.author.kind === 'human' ? ('user' as const) : ('assistant' as const),
      }))
      .filter(({ text }) => text.trim() !== ''),
  };
}
