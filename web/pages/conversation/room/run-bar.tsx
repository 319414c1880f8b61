import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { RoomRun } from '../../../../contract/rooms.ts';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '../../../ui/icons.ts';
import { useRoomCast } from './room-cast.tsx';
import { listNames } from './room-title.ts';
import classes from './run-bar.module.css';
import { useRoomActions } from './use-room-actions.ts';

/** Who comes next in a room, and for whoever steers how the characters' turns go on, wait or end. */
export function RunBar({ conversation, run }: { conversation: Conversation; run: RoomRun | null }) {
  const { t } = useTranslation('room');
  const actions = useRoomActions(conversation);
  const { maySteer } = useRoomCast();
  const text = useRunText(conversation, run);
  const state = run?.state ?? 'idle';
  const goesOn = conversation.room?.autoRun === true;
  const rests = state === 'idle' || state === 'paused';
  if (text === '' && !(goesOn && maySteer)) return null;
  return (
    <div className={classes['bar']}>
      <p>{text === '' ? t('run.idle') : text}</p>
      {maySteer && (
        <span role="group" aria-label={t('run.label')}>
          {(rests || state === 'waiting') && (
            <button type="button" aria-label={t('run.start')} onClick={() => void actions.run('start')}>
              <IconPlayerPlay size={16} aria-hidden />
            </button>
          )}
          {!rests && goesOn && (
            <button type="button" aria-label={t('run.pause')} onClick={() => void actions.run('pause')}>
              <IconPlayerPause size={16} aria-hidden />
            </button>
          )}
          {state !== 'idle' && (
            <button type="button" aria-label={t('run.stop')} onClick={() => void actions.run('stop')}>
              <IconPlayerStop size={16} aria-hidden />
            </button>
          )}
        </span>
      )}
    </div>
  );
}

function useRunText({ participants }: Conversation, run: RoomRun | null): string {
  const { t } = useTranslation('room');
  const seconds = useSecondsUntil(run?.resumesAt ?? null);
  const chosen = run?.next ?? [];
  const nameOf = (id: string) => participants.find((one) => one.id === id)?.name;
  // Whoever speaks stands first; the strip shows that.
  const following = run?.state === 'replying' ? chosen.slice(1) : chosen;
  const names = following.flatMap(({ participantId }) => nameOf(participantId) ?? []);
  const state = run?.state;
  switch (state) {
    case 'choosing':
      return t('run.choosing');
    case 'waiting':
      return names.length === 0
        ? t('run.waiting', { seconds })
        : t('run.waitingFor', { seconds, names: listNames(names) });
    case 'paused':
      return t('run.paused');
    case 'replying':
      return names.length === 0 ? '' : t('run.next', { names: listNames(names) });
    case 'idle':
    case undefined:
      return '';
    default:
      return state satisfies never;
  }
}

/** Whole seconds that are left, counted down while there are any. */
function useSecondsUntil(time: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (time === null) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [time]);
  return time === null ? 0 : Math.max(0, Math.ceil((time - now) / 1_000));
}
