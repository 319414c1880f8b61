export interface LockScreenCall {
  name: string;
  title: string;
  pictureUrl: string | null;
  onMute: () => void;
  onEnd: () => void;
  onInterrupt: () => void;
}

/** `togglemicrophone` and `hangup` are those of calls (Media Session, Chromium); play and pause are what others have. */
type CallAction = 'togglemicrophone' | 'hangup' | 'play' | 'pause' | 'stop';

/** Shows the call on the lock screen and on keys of headsets: mute, end, and pause as *be quiet*. */
export function showOnLockScreen({ name, title, pictureUrl, onMute, onEnd, onInterrupt }: LockScreenCall): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  const session = navigator.mediaSession;
  const artwork = pictureUrl === null ? [] : [{ src: pictureUrl }];
  session.metadata = new MediaMetadata({ title: name, artist: title, artwork });
  session.playbackState = 'playing';
  const handlers: [CallAction, () => void][] = [
    ['togglemicrophone', onMute],
    ['hangup', onEnd],
    ['stop', onEnd],
    ['pause', onInterrupt],
    ['play', () => undefined],
  ];
  for (const [action, run] of handlers) setHandler(action, run);
  return () => {
    for (const [action] of handlers) setHandler(action, null);
    session.metadata = null;
    session.playbackState = 'none';
  };
}

function setHandler(action: CallAction, run: (() => void) | null): void {
  try {
    navigator.mediaSession.setActionHandler(action as MediaSessionAction, run);
  } catch {
    // This browser does not know the action.
  }
}
