import { useTranslation } from 'react-i18next';
import type { CatalogModel } from '../../contract/models.ts';
import { formatBytes, formatNumber } from '../state/format.ts';
import classes from './model-progress.module.css';

type Fetched = Pick<CatalogModel, 'label' | 'state' | 'receivedBytes' | 'sizeBytes' | 'etaInSeconds'>;

/** How far a download is, in a bar and in words; nothing when the model is at rest. */
export function ModelProgress({ model }: { model: Fetched }) {
  const { t } = useTranslation(['welcome', 'settings', 'common']);
  const left = useTimeLeft(model);
  const { state, receivedBytes, sizeBytes, label } = model;
  if (state === 'absent' || state === 'installed' || state === 'failed') return null;
  const words =
    state === 'queued'
      ? t('welcome:waiting')
      : state === 'verifying'
        ? t('welcome:checking')
        : t('settings:models.states.downloading', {
            received: formatBytes(receivedBytes),
            total: formatBytes(sizeBytes),
          });
  return (
    <div className={classes['progress']}>
      <progress max={Math.max(1, sizeBytes)} value={receivedBytes} aria-label={t('welcome:progressOf', { label })} />
      <p>
        <span>{words}</span>
        <span>{left}</span>
      </p>
    </div>
  );
}

function useTimeLeft({ state, etaInSeconds }: Fetched): string {
  const { t } = useTranslation();
  if (state !== 'downloading' || etaInSeconds === null) return '';
  const minutes = Math.round(etaInSeconds / 60);
  if (etaInSeconds < 90) return t('left.seconds', { count: Math.max(1, Math.round(etaInSeconds)) });
  return t('left.minutes', { count: minutes, formatted: formatNumber(minutes) });
}
