import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Conversation } from '../../../contract/conversations.ts';
import { showOnLockScreen } from './audio/lock-screen.ts';
import { stayAwake } from './audio/stay-awake.ts';
import { CallSession } from './call-session.ts';
import type { CallScreenState, CallSettings } from './call-session.ts';
import { openCallLink } from './open-call-link.ts';

/** A call of this conversation while the page shows it; begins by itself where the browser lets it. */
export function useCall(
  conversation: Conversation,
  settings: CallSettings,
  /** Another number is another call. */
  attempt: number,
): { session: CallSession; state: CallScreenState } | null {
  const [session, setSession] = useState<CallSession | null>(null);
  const { id } = conversation;
  useEffect(() => {
    const opened = new CallSession({
      connect: (events) => openCallLink({ conversationId: id, events }),
      settings,
      now: () => Date.now(),
    });
    setSession(opened);
    void opened.start();
    return () => {
      setSession(null);
      opened[Symbol.dispose]();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- settings change within a call
  }, [id, attempt]);
  useEffect(() => session?.set(settings), [session, settings]);
  const state = useSyncExternalStore(session?.subscribe ?? neverChanges, session?.getState ?? noState);
  return session === null || state === null ? null : { session, state };
}

function neverChanges(): () => void {
  return () => undefined;
}

function noState(): CallScreenState | null {
  return null;
}

/** While a call lives the screen stays on and the lock screen knows of it. */
export function useCallPresence({
  session,
  live,
  muted,
  name,
  title,
  pictureUrl,
  onEnd,
}: {
  session: CallSession;
  live: boolean;
  muted: boolean;
  name: string;
  title: string;
  pictureUrl: string | null;
  onEnd: () => void;
}): void {
  useEffect(() => (live ? stayAwake() : undefined), [live]);
  useEffect(() => {
    if (!live) return undefined;
    return showOnLockScreen({
      name,
      title,
      pictureUrl,
      onMute: () => session.mute(!session.getState().muted),
      onEnd,
      onInterrupt: () => session.interrupt(),
    });
    // oxlint-disable-next-line react/exhaustive-deps -- `onEnd` is made anew each time and does the same
  }, [session, live, name, title, pictureUrl]);
  useEffect(() => {
    // Known to Chromium only.
    const microphone = navigator.mediaSession as MediaSession & {
      setMicrophoneActive?: (active: boolean) => Promise<void>;
    };
    if (live) void microphone?.setMicrophoneActive?.(!muted);
  }, [live, muted]);
}
