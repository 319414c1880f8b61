import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { soundPlayer, useSound } from '../../state/sound-player.ts';
import { IconPlayerPlay, IconPlayerStop } from '../../ui/icons.ts';
import classes from './voices.module.css';

export interface HearButtonProps {
  /** Where the sound comes from. */
  url: string;
  /** Whose it is, for those who do not see the row. */
  name: string;
}

/** Plays a sample, or stops it. */
export function HearButton({ url, name }: HearButtonProps) {
  const { t } = useTranslation('voices');
  const { state, failed } = useSound(url);
  const idle = state === 'idle' || state === 'paused';
  return (
    <>
      <Button
        variant="default"
        loading={state === 'loading'}
        leftSection={idle ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerStop size={16} aria-hidden />}
        aria-label={idle ? t('hearOf', { name }) : t('stopOf', { name })}
        onClick={() => (idle ? soundPlayer.play(url) : soundPlayer.stop())}
      >
        {idle ? t('hear') : t('stop')}
      </Button>
      {failed === url && (
        <p className={classes['problem']} role="alert">
          {t('hearFailed')}
        </p>
      )}
    </>
  );
}
