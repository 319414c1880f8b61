import type { Conversation } from '../../../../contract/conversations.ts';
import type { Message } from '../../../../contract/messages.ts';
import { messageText } from '../../../../client/message-text.ts';
import { ForgetMessageDialog, NeverRememberDialog } from './forget-message-dialog.tsx';

/** What is asked before a message leaves memory. */
export interface ForgetRequest {
  message: Message;
  /** True where its words are never to be remembered again either. */
  never: boolean;
}

export interface MessageMemoryDialogsProps {
  request: ForgetRequest;
  conversation: Conversation;
  onClose: () => void;
}

export function MessageMemoryDialogs({ request, conversation, onClose }: MessageMemoryDialogsProps) {
  const { message, never } = request;
  if (!never) return <ForgetMessageDialog messageId={message.id} onClose={onClose} />;
  const { id, name } = conversation.character;
  return (
    <NeverRememberDialog
      messageId={message.id}
      characterId={id}
      name={name}
      text={messageText(message)}
      onClose={onClose}
    />
  );
}
