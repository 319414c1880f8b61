import type { ConversationSession } from '../../../client/conversation-session.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { MemberStrip } from './room/member-strip.tsx';
import { useRoomDialogs } from './room/room-dialogs.tsx';
import { SceneHeader } from './scene-header.tsx';

export interface ConversationHeadProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
  backgroundUrl: string | null;
  onShowReceipt: () => void;
}

/** The scene with the name, in rooms with everybody who is there, and the dialogs about who takes part. */
export function ConversationHead({
  session,
  state,
  conversation,
  backgroundUrl,
  onShowReceipt,
}: ConversationHeadProps) {
  const { show, dialogs } = useRoomDialogs(conversation);
  const strip = conversation.room !== null && (
    <MemberStrip {...{ session, state, conversation }} onAdd={() => show('add')} />
  );
  return (
    <>
      <SceneHeader {...{ conversation, backgroundUrl, onShowReceipt, strip }} onRoomDialog={show} />
      {dialogs}
    </>
  );
}
