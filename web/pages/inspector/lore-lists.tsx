import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { formatNumber } from '../../state/format.ts';
import { useSegmentLabel } from '../conversation/receipt-segments.ts';
import classes from './inspector.module.css';

type Lore = PromptRecord['lore'];

/** The entries of lorebooks that are in the prompt, and why. */
export function LoreFired({ fired }: { fired: Lore['fired'] }) {
  const { t } = useTranslation('inspector');
  if (fired.length === 0) return null;
  return (
    <section>
      <h3>{t('loreFired')}</h3>
      <ul className={classes['entries']}>
        {fired.map((entry) => (
          <li key={`${entry.bookId} ${entry.uid}`}>
            <span className={classes['entryName']}>
              {entry.name === '' ? t('entry', { uid: entry.uid }) : entry.name}
            </span>
            <span className={classes['count']}>{formatNumber(entry.tokens)}</span>
            <small>
              {[
                entry.bookName,
                entry.key === null
                  ? t(`reason.${entry.reason}`)
                  : t('reasonKey', { reason: t(`reason.${entry.reason}`), key: entry.key }),
                t('entryOrder', { order: formatNumber(entry.order) }),
              ]
                .filter((fact) => fact !== '')
                .join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is not in the prompt though it could be: cut for room, or held back by its book. */
export function LeftOut({ record: { dropped, lore } }: { record: PromptRecord }) {
  const { t } = useTranslation('inspector');
  const segmentLabel = useSegmentLabel();
  if (dropped.length === 0 && lore.cut.length === 0) return null;
  return (
    <section>
      <h3>{t('leftOut')}</h3>
      <ul className={classes['entries']}>
        {dropped.map((part, index) => (
          // The same kind may be cut twice; its place in the order of leaving tells them apart.
          <li key={`${part.kind}-${index}`}>
            <span className={classes['entryName']}>{segmentLabel({ ...part, stable: false })}</span>
            <span className={classes['count']}>{formatNumber(part.tokens)}</span>
            <small>{t('noRoom')}</small>
          </li>
        ))}
        {lore.cut.map((entry) => (
          <li key={`${entry.bookId} ${entry.uid} ${entry.reason}`}>
            <span className={classes['entryName']}>
              {entry.name === '' ? t('entry', { uid: entry.uid }) : entry.name}
            </span>
            <span className={classes['count']}>{formatNumber(entry.tokens)}</span>
            <small>{[entry.bookName, t(`cutReason.${entry.reason}`)].filter((fact) => fact !== '').join(' · ')}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
