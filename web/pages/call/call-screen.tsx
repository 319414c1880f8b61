import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { CallPreferences } from '../../../contract/voice.ts';
import { useMe } from '../../state/use-me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CallBackdrop } from './call-backdrop.tsx';
import { CallCast } from './call-cast.tsx';
import { CallCaptions } from './call-captions.tsx';
import { CallComposer } from './call-composer.tsx';
import { CallControls } from './call-controls.tsx';
import { CallHead } from './call-head.tsx';
import { CallNotice } from './call-notice.tsx';
import { callRoomOf, calledName } from './call-room.ts';
import classes from './call-page.module.css';
import type { CallScreenState, CallSession } from './call-session.ts';
import { CallSheet } from './call-sheet.tsx';
import { CallStage } from './call-stage.tsx';
import { CallOver } from './call-over.tsx';
import { HoldButton } from './hold-button.tsx';
import { useCall, useCallPresence } from './use-call.ts';
import { useCallKeys } from './use-call-keys.ts';
import { useCallPreferences } from './use-call-preferences.ts';

interface CallScreenProps {
  conversation: Conversation;
  preferences: CallPreferences;
}

export function CallScreen({ conversation, preferences }: CallScreenProps) {
  const { profile, speed } = preferences;
  const settings = useMemo(() => ({ profile, speed }), [profile, speed]);
  const [attempt, setAttempt] = useState(0);
  const call = useCall(conversation, settings, attempt);
  const again = () => setAttempt((count) => count + 1);
  if (call === null) return <div className={classes['page']} data-live="false" />;
  return <LiveScreen conversation={conversation} preferences={preferences} onAgain={again} {...call} />;
}

type LiveScreenProps = CallScreenProps & { session: CallSession; state: CallScreenState; onAgain: () => void };

type Open = 'composer' | 'sheet' | 'end' | null;

function LiveScreen({ conversation, preferences, session, state, onAgain }: LiveScreenProps) {
  const { t } = useTranslation('call');
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const change = useCallPreferences();
  const { pictureUrl } = conversation.character;
  const room = callRoomOf(conversation);
  const name = calledName(conversation);
  const leave = () => void navigate({ to: '/c/$conversationId', params: { conversationId: conversation.id } });
  const end = () => {
    session.end();
    leave();
  };
  const holds = preferences.profile === 'push-to-talk';
  const live = state.phase === 'live';
  const toggleCaptions = () => change({ captions: !preferences.captions });
  useCallPresence({ session, live, muted: state.muted, name, title: t('title', { name }), pictureUrl, onEnd: end });
  useCallKeys({
    letters: me.preferences.shortcuts,
    onSpaceDown: () => (holds && live ? session.hold(true) : stagePress(session, state)),
    onSpaceUp: () => holds && session.hold(false),
    onEscape: () => setOpen(open === 'composer' || state.phase === 'over' ? null : 'end'),
    onMute: () => session.mute(!state.muted),
    onCaptions: toggleCaptions,
  });
  const { captions, largeCaptions } = preferences;
  return (
    <main className={classes['page']} data-live={live} data-state={state.view.state}>
      <CallBackdrop conversation={conversation} />
      <CallHead name={name} state={state}>
        {room === null ? undefined : <CallCast room={room} view={state.view} />}
      </CallHead>
      <CallStage
        name={state.view.reply?.speaker?.name ?? name}
        state={state}
        levels={session.levels}
        onPress={() => stagePress(session, state)}
      />
      <CallCaptions view={state.view} shown={captions} large={largeCaptions} lang={conversation.locale} />
      <CallFoot
        {...{ name, session, state, preferences, open, onOpen: setOpen, onAgain, onLeave: leave, onEnd: end }}
        onCaptions={toggleCaptions}
      />
      {open === 'sheet' && (
        <CallSheet
          audio={session.audio}
          levels={session.levels}
          preferences={preferences}
          onPreferences={change}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'end' && <EndDialog name={name} onEnd={end} onClose={() => setOpen(null)} />}
    </main>
  );
}

function EndDialog({ name, onEnd, onClose }: { name: string; onEnd: () => void; onClose: () => void }) {
  const { t } = useTranslation('call');
  return (
    <ConfirmDialog
      title={t('end.title')}
      body={t('end.body', { name })}
      confirmLabel={t('controls.end')}
      onConfirm={async () => onEnd()}
      onClose={onClose}
    />
  );
}

interface CallFootProps {
  name: string;
  session: CallSession;
  state: CallScreenState;
  preferences: CallPreferences;
  open: Open;
  onOpen: (open: Open) => void;
  onCaptions: () => void;
  onAgain: () => void;
  onLeave: () => void;
  onEnd: () => void;
}

/** What is wrong, what is written, what is pressed: everything under the thumb. */
function CallFoot(props: CallFootProps) {
  const { name, session, state, preferences, open, onOpen, onCaptions, onEnd } = props;
  const toggle = (what: Open) => onOpen(open === what ? null : what);
  if (state.phase === 'over') {
    return (
      <div className={classes['foot']}>
        <CallOver view={state.view} name={name} onAgain={props.onAgain} onLeave={props.onLeave} />
      </div>
    );
  }
  return (
    <div className={classes['foot']}>
      <CallNotice
        state={state}
        onRetryMicrophone={() => void session.audio?.resume()}
        onResume={() => void session.audio?.resume()}
        onDismiss={() => session.dismissFailure()}
        onDismissNotice={() => session.dismissNotice()}
        onWrite={() => onOpen('composer')}
      />
      {open === 'composer' && <CallComposer name={name} onSay={(text) => session.type(text)} />}
      {preferences.profile === 'push-to-talk' && <HoldButton held={state.held} onHold={(held) => session.hold(held)} />}
      <CallControls
        muted={state.muted}
        captions={preferences.captions}
        writing={open === 'composer'}
        onMute={() => session.mute(!state.muted)}
        onCaptions={onCaptions}
        onWrite={() => toggle('composer')}
        onSettings={() => toggle('sheet')}
        onEnd={onEnd}
      />
    </div>
  );
}

/** Begins the call where the browser waits for a press; interrupts while something sounds. */
function stagePress(session: CallSession, { phase, view }: CallScreenState): void {
  if (phase === 'idle') void session.start();
  else if (view.state === 'speaking' || view.state === 'thinking') session.interrupt();
}
