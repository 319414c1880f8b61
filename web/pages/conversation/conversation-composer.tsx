import { Suspense, lazy, useState } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendOptions } from '../../../client/conversation-session.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { QuickReply } from '../../../contract/quick-replies.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { QuickReplyBar } from '../quick-replies/quick-reply-bar.tsx';
import { PersonaChip } from '../personas/persona-chip.tsx';
import type { PendingFiles } from './files/use-attachments.ts';
import { othersThere } from './commands/room-commands.ts';
import type { SlashCommand } from './commands/slash-command.ts';
import { Composer } from './composer.tsx';
import { hasPastBut } from './has-past-but.ts';
import type { ComposerControl } from './use-composer.ts';
import { listenersOf, toOf } from './room/hearing.ts';
import { HearingChip } from './room/hearing-chip.tsx';
import { useRoomCast } from './room/room-cast.tsx';
import { titleOf } from './room/room-title.ts';
import { useHearing } from './room/use-hearing.ts';
import { useTyping } from './room/use-typing.ts';

const QuickReplyDialog = lazy(async () => ({
  default: (await import('../quick-replies/quick-reply-dialog.tsx')).QuickReplyDialog,
}));

export interface ConversationComposerProps {
  conversation: Conversation;
  state: ConversationState;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  controlRef: RefObject<ComposerControl | null>;
  commands: readonly SlashCommand[];
  onSend: (text: string, options: SendOptions) => void;
  pending: PendingFiles;
  onStop: () => void;
}

/** The box to write in, with who is writing. */
export function ConversationComposer({ conversation, state, onSend, ...rest }: ConversationComposerProps) {
  const me = useMe();
  const { t } = useTranslation(['talk', 'room']);
  // On a wide screen the chip itself says the name.
  const narrow = useIsNarrow();
  const { persona } = conversation;
  const { hasWritingHelp } = useRoomCast();
  const isRoom = conversation.room !== null;
  const name = isRoom ? titleOf(conversation) : conversation.character.name;
  const [hearing, setHearing] = useHearing(conversation.id);
  const listeners = listenersOf(conversation);
  const onTyping = useTyping(conversation.id, isRoom);
  const [showsButtons, setShowsButtons] = useState(false);
  const send = (text: string, attachments: readonly string[]) =>
    onSend(text, { attachments, ...toOf(hearing, listeners) });
  const reply = ({ text, send: atOnce }: QuickReply) => {
    if (atOnce) send(text, []);
    else rest.controlRef.current?.insert(text);
  };
  return (
    <Composer
      {...rest}
      onSend={send}
      onTyping={onTyping}
      wordsOnly={!conversation.mine}
      helped={hasWritingHelp}
      onQuickReplies={conversation.mine ? () => setShowsButtons(true) : undefined}
      above={
        <>
          {conversation.mine && <QuickReplyBar conversation={conversation} onReply={reply} />}
          {isRoom && <HearingChip {...{ hearing, listeners }} onChange={setHearing} />}
          <Suspense>
            {showsButtons && <QuickReplyDialog here={conversation} onClose={() => setShowsButtons(false)} />}
          </Suspense>
        </>
      }
      conversationId={conversation.id}
      name={name}
      mentions={conversation.room === null ? [] : othersThere(conversation).map((other) => other.name)}
      placeholder={
        isRoom
          ? t('room:placeholder')
          : persona === null || !narrow
            ? undefined
            : t('talk:composer.placeholderAs', { name, persona: persona.name })
      }
      person={<PersonaChip conversation={conversation} hasPastBut={(name) => hasPastBut(state, name)} />}
      replying={state.streaming.size > 0}
      sendWithEnter={me.preferences.sendWithEnter}
    />
  );
}
