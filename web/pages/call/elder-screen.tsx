import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { CallPreferences } from '../../../contract/voice.ts';
import { Scene } from '../../ui/scene.tsx';
import { CallNotice } from './call-notice.tsx';
import type { CallScreenState, CallSession } from './call-session.ts';
import { captionOf } from './call-view.ts';
import classes from './elder-screen.module.css';
import { LivingLight } from './living-light.tsx';
import { useCall, useCallPresence } from './use-call.ts';
import { useCallKeys } from './use-call-keys.ts';
import { useStateWord } from './use-state-word.ts';

interface ElderScreenProps {
  conversation: Conversation;
  preferences: CallPreferences;
}

/** Slower than the voice's own, for ears that need time; a person's own slower choice stands. */
const ELDER_SPEED = 0.85;

/** A call for somebody who wants one button: a face, large words, patience. */
export function ElderScreen({ conversation, preferences }: ElderScreenProps) {
  const speed = Math.min(ELDER_SPEED, preferences.speed);
  const settings = useMemo(() => ({ profile: 'slow-speaker' as const, speed }), [speed]);
  const call = useCall(conversation, settings);
  if (call === null) return <main className={classes['page']} />;
  return <ElderCall conversation={conversation} {...call} />;
}

interface ElderCallProps {
  conversation: Conversation;
  session: CallSession;
  state: CallScreenState;
}

function ElderCall({ conversation, session, state }: ElderCallProps) {
  const { t } = useTranslation('call');
  const { name, pictureUrl, id } = conversation.character;
  const word = useStateWord(state);
  const end = () => session.end();
  const live = state.phase === 'live';
  useCallPresence({ session, live, muted: false, name, title: t('title', { name }), pictureUrl, onEnd: end });
  useCallKeys({
    letters: false,
    onSpaceDown: () => session.interrupt(),
    onSpaceUp: () => undefined,
    onEscape: () => undefined,
    onMute: () => undefined,
    onCaptions: () => undefined,
  });
  const { now } = captionOf(state.view);
  return (
    <main className={classes['page']} data-phase={state.phase}>
      <div className={classes['face']} aria-hidden>
        <Scene pictureUrl={pictureUrl} alt="" seed={id} />
        {live && <LivingLight levels={session.levels} state={state.view.state} />}
      </div>
      <h1>{name}</h1>
      <p className={classes['state']} role="status">
        {word}
      </p>
      <p className={classes['caption']} lang={conversation.locale}>
        {now.trim()}
      </p>
      <CallNotice
        state={state}
        onRetryMicrophone={() => void session.audio?.resume()}
        onResume={() => void session.audio?.resume()}
        onDismiss={() => session.dismissFailure()}
      />
      <ElderButton name={name} session={session} state={state} onEnd={end} />
    </main>
  );
}

function ElderButton({
  name,
  session,
  state,
  onEnd,
}: {
  name: string;
  session: CallSession;
  state: CallScreenState;
  onEnd: () => void;
}) {
  const { t } = useTranslation('call');
  if (state.phase === 'idle') {
    return (
      <button
        type="button"
        className={classes['button']}
        aria-label={t('elder.answerName', { name })}
        onClick={() => void session.start()}
      >
        {t('elder.answer')}
      </button>
    );
  }
  if (state.phase === 'over') {
    return (
      <button type="button" className={classes['button']} onClick={() => location.reload()}>
        {t('elder.again')}
      </button>
    );
  }
  return (
    <button
      type="button"
      className={classes['button']}
      data-end
      aria-label={t('elder.hangUpName', { name })}
      onClick={onEnd}
    >
      {t('elder.hangUp')}
    </button>
  );
}
