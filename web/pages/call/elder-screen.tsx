import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { CallPreferences } from '../../../contract/voice.ts';
import { Scene } from '../../ui/scene.tsx';
import { CallNotice } from './call-notice.tsx';
import { calledName } from './call-room.ts';
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
  const [attempt, setAttempt] = useState(0);
  const call = useCall(conversation, settings, attempt);
  const again = () => setAttempt((count) => count + 1);
  if (call === null) return <main className={classes['page']} />;
  return <ElderCall conversation={conversation} onAgain={again} {...call} />;
}

/** Ends that nobody wanted: the call begins again by itself. */
const DROPPED: ReadonlySet<string | null> = new Set(['away-too-long', 'house-closing', 'failed']);
/** Before it does; a house that starts again needs some seconds. */
const AGAIN_AFTER_IN_MS = 4_000;

function useCallAgain({ phase, view }: CallScreenState, onAgain: () => void): void {
  const dropped = phase === 'over' && DROPPED.has(view.ending);
  useEffect(() => {
    if (!dropped) return undefined;
    const timer = setTimeout(onAgain, AGAIN_AFTER_IN_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- made anew with each render, and does the same
  }, [dropped]);
}

interface ElderCallProps {
  conversation: Conversation;
  session: CallSession;
  state: CallScreenState;
  onAgain: () => void;
}

function ElderCall({ conversation, session, state, onAgain }: ElderCallProps) {
  const { t } = useTranslation('call');
  const { pictureUrl } = conversation.character;
  const name = calledName(conversation);
  const face = faceOf(conversation, state);
  const word = useStateWord(state);
  const end = () => session.end();
  const live = state.phase === 'live';
  useCallAgain(state, onAgain);
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
        <Scene pictureUrl={face.pictureUrl} alt="" seed={face.seed} />
        {live && <LivingLight levels={session.levels} state={state.view.state} />}
      </div>
      <h1>{face.name ?? name}</h1>
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
      <ElderButton name={name} session={session} state={state} onEnd={end} onAgain={onAgain} />
    </main>
  );
}

/** In a room the face of whoever speaks, or spoke last. */
function faceOf({ character, participants }: Conversation, { view }: CallScreenState) {
  const speaker = participants.find(({ id }) => id === view.reply?.speaker?.id);
  if (speaker === undefined) return { name: null, pictureUrl: character.pictureUrl, seed: character.id };
  return { name: speaker.name, pictureUrl: speaker.pictureUrl, seed: speaker.subjectId };
}

function ElderButton({
  name,
  session,
  state,
  onEnd,
  onAgain,
}: {
  name: string;
  session: CallSession;
  state: CallScreenState;
  onEnd: () => void;
  onAgain: () => void;
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
      <button type="button" className={classes['button']} onClick={onAgain}>
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
