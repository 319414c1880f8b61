import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { hasOlder } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { PersonaChip } from '../personas/persona-chip.tsx';
import type { PendingFiles } from './files/use-attachments.ts';
import { Composer } from './composer.tsx';

export interface ConversationComposerProps {
  conversation: Conversation;
  state: ConversationState;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onSend: (text: string, attachments: readonly string[]) => void;
  pending: PendingFiles;
  onStop: () => void;
  onEditLast: () => void;
}

/** The box to write in, with who is writing. */
export function ConversationComposer({ conversation, state, ...rest }: ConversationComposerProps) {
  const me = useMe();
  const { t } = useTranslation('talk');
  // On a wide screen the chip itself says the name.
  const narrow = useIsNarrow();
  const { persona } = conversation;
  const { name } = conversation.character;
  // What is not loaded may stand under any name.
  const hasPastBut = (name: string) =>
    hasOlder(state) || state.path.some(({ author }) => author.kind === 'human' && author.name !== name);
  return (
    <Composer
      {...rest}
      conversationId={conversation.id}
      name={name}
      placeholder={
        persona === null || !narrow ? undefined : t('composer.placeholderAs', { name, persona: persona.name })
      }
      person={<PersonaChip conversation={conversation} hasPastBut={hasPastBut} />}
      replying={state.streaming.size > 0}
      sendWithEnter={me.preferences.sendWithEnter}
    />
  );
}
