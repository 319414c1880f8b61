import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendOptions } from '../../../../client/conversation-session.ts';
import { hasNewer } from '../../../../client/conversation-state.ts';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { useStartConversation } from '../../../state/use-start-conversation.ts';
import { hasPastBut } from '../has-past-but.ts';
import type { MessageHandlers } from '../message-handlers.ts';
import { describeWith } from './describe-command.ts';
import { messageCommands } from './message-commands.ts';
import { roomCommands } from './room-commands.ts';
import { settingCommands } from './setting-commands.ts';
import type { SlashCommand } from './slash-command.ts';

const AuthorsNoteDialog = lazy(async () => ({
  default: (await import('../authors-note-dialog.tsx')).AuthorsNoteDialog,
}));
const PersonaSheet = lazy(async () => ({
  default: (await import('../../personas/persona-sheet.tsx')).PersonaSheet,
}));

interface TalkCommandOptions {
  conversation: Conversation;
  state: ConversationState;
  handlers: MessageHandlers;
  /** Through the outbox: what was written waits for the network there. */
  send: (text: string, options: SendOptions) => void;
  stop: () => void;
}

/** What can be done in a conversation by its name: only what works in it now, and for whoever reads it. */
export function useTalkCommands({ conversation, state, handlers, send, stop }: TalkCommandOptions): {
  commands: readonly SlashCommand[];
  commandDialogs: ReactNode;
} {
  const { t } = useTranslation('compose');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const { start } = useStartConversation();
  const [dialog, setDialog] = useState<'note' | 'persona' | null>(null);
  const describe = describeWith(t);
  const guard = async (work: Promise<unknown>) => {
    try {
      await work;
      return null;
    } catch (error) {
      return errorText(error);
    }
  };
  const { id, mine, room } = conversation;
  const path = hasNewer(state) ? [] : state.path;
  const replying = state.streaming.size > 0;
  const steers = mine || room?.guestsMay === 'steer';
  const common = { conversation, describe, guard, t };
  const commands = [
    ...messageCommands({ ...common, path, replying, steers, handlers, stop }),
    ...roomCommands({ ...common, path, replying, steers, send }),
    ...settingCommands({
      ...common,
      openDialog: setDialog,
      openMap: () => void navigate({ to: '/c/$conversationId/map', params: { conversationId: id } }),
      search: (find) => void navigate({ to: '/c/$conversationId', params: { conversationId: id }, search: { find } }),
      beginAnew: () => void start(conversation.character.id),
      call: () => void navigate({ to: '/call/$conversationId', params: { conversationId: id } }),
      openKeys: () => void navigate({ to: '/settings/$section', params: { section: 'keyboard' } }),
    }),
  ];
  const close = () => setDialog(null);
  const commandDialogs = (
    <Suspense>
      {dialog === 'note' && <AuthorsNoteDialog conversation={conversation} onClose={close} />}
      {dialog === 'persona' && (
        <PersonaSheet conversation={conversation} hasPastBut={(name) => hasPastBut(state, name)} onClose={close} />
      )}
    </Suspense>
  );
  return { commands, commandDialogs };
}
