import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../../state/format-duration.ts';
import { soundPlayer, useSound } from '../../../state/sound-player.ts';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '../../../ui/icons.ts';
import classes from './listen-button.module.css';

export interface ListenButtonProps {
  url: string;
  /** Before it sounds. */
  label: string;
  className: string;
}

/** Hears a message: play, pause and stop, and how far it is. */
export function ListenButton({ url, label, className }: ListenButtonProps) {
  const { t } = useTranslation('talk');
  const { state, position, duration, failed } = useSound(url);
  if (state === 'idle') {
    return (
      <>
        <button type="button" className={className} onClick={() => soundPlayer.play(url)}>
          {label}
        </button>
        {failed === url && (
          <span className={classes['failed']} role="alert">
            {t('listen.failed')}
          </span>
        )}
      </>
    );
  }
  const paused = state === 'paused';
  return (
    <span className={classes['player']} role="group" aria-label={t('listen.player')}>
      <button
        type="button"
        className={className}
        aria-label={paused ? t('listen.resume') : t('listen.pause')}
        onClick={() => (paused ? soundPlayer.play(url) : soundPlayer.pause())}
      >
        {paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />}
      </button>
      <button type="button" className={className} aria-label={t('listen.stop')} onClick={() => soundPlayer.stop()}>
        <IconPlayerStop size={16} aria-hidden />
      </button>
      <span className={classes['time']}>
        {state === 'loading' && position === 0 ? t('listen.loading') : formatDuration(position * 1000)}
      </span>
      {duration !== null && <progress aria-label={t('listen.progress')} value={position} max={duration} />}
    </span>
  );
}
