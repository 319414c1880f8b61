import type { ConversationSession } from '../../../client/conversation-session.ts';
import { hasNewer, hasOlder, pathTotal } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { BranchPreview } from '../search/branch-preview.tsx';
import { FindBar } from '../search/find-bar.tsx';
import { useFindBar } from '../search/use-find-bar.ts';
import { SelectionBar } from './branches/selection-bar.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { ConversationHead } from './conversation-head.tsx';
import { ConversationReceipt } from './conversation-receipt.tsx';
import { ConversationComposer } from './conversation-composer.tsx';
import classes from './conversation-view.module.css';
import look from './conversation-look.module.css';
import { DropNote } from './files/drop-note.tsx';
import { OpenedFile } from './files/opened-file.tsx';
import { useAttachments } from './files/use-attachments.ts';
import { useDropFiles } from './files/use-drop-files.ts';
import { TranslationsOf } from './translation/translations-of.tsx';
import { FinishedAnnouncer } from './finished-announcer.tsx';
import { MessageList } from './message-list.tsx';
import { RoomCastOf } from './room/room-cast.tsx';
import { titleOf } from './room/room-title.ts';
import { RunBar } from './room/run-bar.tsx';
import { ConsentSheet } from './tools/consent-sheet.tsx';
import { useReceiptChoice } from './use-receipt-choice.ts';
import { useSoughtMessage } from './use-sought-message.ts';
import { useTalk } from './use-talk.tsx';

export interface ConversationViewProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
}

export function ConversationView(props: ConversationViewProps) {
  return (
    <TranslationsOf conversationId={props.conversation.id}>
      <OpenedFile>
        <RoomCastOf conversation={props.conversation}>
          <TalkPage {...props} />
        </RoomCastOf>
      </OpenedFile>
    </TranslationsOf>
  );
}

function TalkPage({ session, state, conversation }: ConversationViewProps) {
  const narrow = useIsNarrow();
  const sought = useSoughtMessage(session, state);
  const find = useFindBar();
  const receipt = useReceiptChoice(narrow);
  const { showReceipt } = receipt;
  const { box, items, selection, jumpToEnd, dialogs } = useTalk({
    session,
    state,
    conversation,
    showReceipt,
    receiptId: receipt.messageId,
  });
  const pending = useAttachments(conversation.id);
  const drop = useDropFiles(pending.add);
  const isRoom = conversation.room !== null;
  const isDocument = conversation.character.kind === 'assistant';
  return (
    <div className={classes['page']} data-receipt={receipt.open && !narrow}>
      <section
        className={`${classes['talk']} ${isDocument ? look['document'] : ''}`}
        aria-label={titleOf(conversation)}
        data-room={isRoom}
        {...(conversation.mine && drop.handlers)}
      >
        {drop.over && <DropNote />}
        <ConversationHead {...{ session, state, conversation }} onShowReceipt={() => showReceipt(lastReplyId(state))} />
        {find.opened && <FindBar key={find.key} conversation={conversation} find={find} />}
        <ConnectionNote state={state} onRetry={() => void session.reload()} />
        <MessageList
          items={items}
          lang={conversation.locale}
          firstPosition={(state.path[0]?.depth ?? 0) + 1}
          total={pathTotal(state)}
          hasOlder={hasOlder(state)}
          onLoadOlder={() => session.loadOlder()}
          jumpToEnd={jumpToEnd}
          soughtKey={sought.id}
          hasNewer={hasNewer(state)}
          onLoadNewer={() => session.loadNewer()}
          onReturnToEnd={() => session.returnToEnd()}
        />
        <FinishedAnnouncer path={state.path} />
        {isRoom && <RunBar conversation={conversation} run={state.run} />}
        {selection.ids === null ? (
          <ConversationComposer {...{ conversation, state, ...box }} pending={pending} />
        ) : (
          <SelectionBar {...{ session, selection }} path={state.path} />
        )}
      </section>
      <ConversationReceipt
        {...{ narrow, receipt, state, character: conversation.character }}
        messageId={receipt.messageId ?? lastReplyId(state)}
      />
      {dialogs}
      <BranchPreview session={session} sought={sought} />
      {conversation.mine && <ConsentSheet state={state} conversationId={conversation.id} />}
    </div>
  );
}

function lastReplyId(state: ConversationState): string | null {
  return state.path.findLast((message) => message.hasReceipt && !message.deleted)?.id ?? null;
}
