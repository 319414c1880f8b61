import { useTranslation } from 'react-i18next';
import type { SpokenTimings } from '../../../contract/voice.ts';
import { formatNumber } from '../../state/format.ts';
import classes from './receipt.module.css';

/** In the order they are reached. */
const STAGES = [
  'transcriptInMs',
  'turnEndInMs',
  'firstTokenInMs',
  'firstClauseInMs',
  'firstAudioInMs',
  'firstFrameOutInMs',
  'heardInMs',
] as const;

/** How long each stage of a spoken turn took, from the moment the person fell silent. */
export function SpokenTimes({ spoken }: { spoken: SpokenTimings }) {
  const { t } = useTranslation(['talk', 'common']);
  const duration = (ms: number) =>
    Math.abs(ms) < 1_000
      ? t('common:duration.milliseconds', { value: formatNumber(ms) })
      : t('common:duration.seconds', { value: formatNumber(ms / 1_000, 2) });
  return (
    <>
      <h3 className={classes['heading']}>{t('talk:receipt.spoken.title')}</h3>
      <p className={classes['hint']}>{t('talk:receipt.spoken.hint')}</p>
      <dl className={classes['list']}>
        {STAGES.map((stage) => {
          const ms = spoken[stage];
          return ms === null ? null : (
            <div key={stage} className={classes['line']}>
              <dt>{t(`talk:receipt.spoken.${stage}`)}</dt>
              <dd>{duration(ms)}</dd>
            </div>
          );
        })}
        {spoken.savedInMs > 0 && (
          <div className={classes['line']}>
            <dt>{t('talk:receipt.spoken.saved')}</dt>
            <dd>{duration(spoken.savedInMs)}</dd>
          </div>
        )}
      </dl>
      {spoken.interrupted && <p className={classes['hint']}>{t('talk:receipt.spoken.interrupted')}</p>}
    </>
  );
}
