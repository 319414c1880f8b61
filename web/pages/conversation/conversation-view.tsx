import { useRef, useState } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { useQuiet } from '../../state/quiet.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { BranchPreview } from '../search/branch-preview.tsx';
import { FindBar } from '../search/find-bar.tsx';
import { useFindBar } from '../search/use-find-bar.ts';
import { SelectionBar } from './branches/selection-bar.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { ConversationHead } from './conversation-head.tsx';
import { ConversationReceipt } from './conversation-receipt.tsx';
import { ConversationWords } from './conversation-words.tsx';
import { ConversationComposer } from './conversation-composer.tsx';
import classes from './conversation-view.module.css';
import look from './conversation-look.module.css';
import { DropNote } from './files/drop-note.tsx';
import { OpenedFile } from './files/opened-file.tsx';
import { useAttachments } from './files/use-attachments.ts';
import { useDropFiles } from './files/use-drop-files.ts';
import { TranslationsOf } from './translation/translations-of.tsx';
import { ElsewhereNote } from './elsewhere-note.tsx';
import { FinishedAnnouncer } from './finished-announcer.tsx';
import { QuietBar } from './looks/quiet-bar.tsx';
import themes from './looks/themes.module.css';
import { useLook } from './looks/use-look.ts';
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
  const { box, items, selection, jumpToEnd, goBack, dialogs } = useTalk({
    session,
    state,
    conversation,
    showReceipt,
    receiptId: receipt.messageId,
  });
  const pending = useAttachments(conversation.id);
  const drop = useDropFiles(pending.add);
  const talk = useRef<HTMLElement>(null);
  const { theme, backgroundUrl, quiet, reading, onStage, stage } = useTalkLook(conversation, {
    inList: selection.ids !== null || sought.id !== null,
  });
  const isDocument = theme === 'assistant' || theme === 'document';
  return (
    <div className={classes['page']} data-receipt={receipt.open && !narrow && quiet === 'off'}>
      <section
        ref={talk}
        className={`${classes['talk']} ${themes['talk']} ${isDocument ? look['document'] : ''}`}
        data-theme={theme}
        data-quiet={quiet}
        data-stage={onStage}
        aria-label={titleOf(conversation)}
        data-room={conversation.room !== null}
        {...(conversation.mine && drop.handlers)}
      >
        {drop.over && <DropNote />}
        {!reading && (
          <ConversationHead
            {...{ session, state, conversation, backgroundUrl }}
            onShowReceipt={() => showReceipt(lastReplyId(state))}
          />
        )}
        {quiet !== 'off' && <QuietBar {...{ quiet, talk }} />}
        {find.opened && <FindBar key={find.key} conversation={conversation} find={find} />}
        <ConnectionNote state={state} onRetry={() => void session.reload()} />
        <ElsewhereNote {...{ session, state, conversation, goBack }} />
        <ConversationWords {...{ session, state, conversation, items, jumpToEnd, stage }} soughtId={sought.id} />
        <FinishedAnnouncer path={state.path} />
        {!reading && <TalkFoot {...{ session, state, conversation, selection, box, pending }} />}
      </section>
      {quiet === 'off' && (
        <ConversationReceipt
          {...{ narrow, receipt, state, character: conversation.character }}
          messageId={receipt.messageId ?? lastReplyId(state)}
        />
      )}
      {dialogs}
      <BranchPreview session={session} sought={sought} />
      {conversation.mine && <ConsentSheet state={state} conversationId={conversation.id} />}
    </div>
  );
}

interface TalkFootProps extends ConversationViewProps {
  selection: ReturnType<typeof useTalk>['selection'];
  box: ReturnType<typeof useTalk>['box'];
  pending: ReturnType<typeof useAttachments>;
}

/** Where one writes, or says what is done with the messages that were chosen. */
function TalkFoot({ session, state, conversation, selection, box, pending }: TalkFootProps) {
  return (
    <>
      {conversation.room !== null && <RunBar conversation={conversation} run={state.run} />}
      {selection.ids === null ? (
        <ConversationComposer {...{ conversation, state, ...box }} pending={pending} />
      ) : (
        <SelectionBar {...{ session, selection }} path={state.path} />
      )}
    </>
  );
}

/** How the conversation looks now. What is done with messages, and what a search leads to, is done in the list. */
function useTalkLook(conversation: Conversation, { inList }: { inList: boolean }) {
  const { theme, backgroundUrl } = useLook(conversation);
  const quiet = useQuiet();
  const [history, setHistory] = useState(false);
  const reading = quiet === 'reading';
  const isNovel = theme === 'visual-novel' && !reading;
  const onStage = isNovel && !history && !inList;
  const stage = isNovel ? { shown: onStage, backgroundUrl, onHistory: setHistory } : null;
  return { theme, backgroundUrl, quiet, reading, onStage, stage };
}

function lastReplyId(state: ConversationState): string | null {
  return state.path.findLast((message) => message.hasReceipt && !message.deleted)?.id ?? null;
}
