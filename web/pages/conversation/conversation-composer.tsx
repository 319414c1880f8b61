import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { PersonaChip } from '../personas/persona-chip.tsx';
import type { PendingFiles } from './files/use-attachments.ts';
import { othersThere } from './commands/room-commands.ts';
import type { SlashCommand } from './commands/slash-command.ts';
import { Composer } from './composer.tsx';
import { hasPastBut } from './has-past-but.ts';
import type { ComposerControl } from './use-composer.ts';

export interface ConversationComposerProps {
  conversation: Conversation;
  state: ConversationState;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  controlRef: RefObject<ComposerControl | null>;
  commands: readonly SlashCommand[];
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
  return (
    <Composer
      {...rest}
      conversationId={conversation.id}
      name={name}
      mentions={conversation.room === null ? [] : othersThere(conversation).map((other) => other.name)}
      placeholder={
        persona === null || !narrow ? undefined : t('composer.placeholderAs', { name, persona: persona.name })
      }
      person={<PersonaChip conversation={conversation} hasPastBut={(name) => hasPastBut(state, name)} />}
      replying={state.streaming.size > 0}
      sendWithEnter={me.preferences.sendWithEnter}
    />
  );
}
