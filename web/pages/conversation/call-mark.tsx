import { useTranslation } from 'react-i18next';
import { formatDateTime } from '../../state/format.ts';
import { formatDuration } from '../../state/format-duration.ts';
import { IconPhone } from '../../ui/icons.ts';
import type { CallMarkFacts } from './call-marks.ts';
import classes from './call-mark.module.css';

/** Where a call begins in the transcript: when, and how long it was. */
export function CallMark({ startedAt, durationInMs }: CallMarkFacts) {
  const { t } = useTranslation('talk');
  return (
    <p className={classes['mark']}>
      <IconPhone size={15} aria-hidden />
      <span>{t('callMark', { when: formatDateTime(startedAt), length: formatDuration(durationInMs) })}</span>
    </p>
  );
}
