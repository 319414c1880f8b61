import { useTranslation } from 'react-i18next';
import type { MemoryUse } from '../../../../contract/memory.ts';
import { formatNumber } from '../../../state/format.ts';
import classes from './receipt-memory.module.css';

const PARTS = ['lexical', 'vector', 'neighbours', 'session', 'names', 'time'] as const;
/** A share below this is noise and would be drawn as nothing. */
const LEAST = 0.0005;

/** What brought a memory up, as bars with their names; nothing where it was not found by a score. */
export function ScoreBars({ parts, most }: { parts: MemoryUse['parts']; most: number }) {
  const { t } = useTranslation('memory');
  const shown = PARTS.filter((part) => parts[part] > LEAST);
  if (shown.length === 0) return null;
  return (
    <dl className={classes['bars']}>
      {shown.map((part) => (
        <div key={part}>
          <dt>{t(`receipt.part.${part}`)}</dt>
          <dd>
            <i style={{ width: `${Math.max(3, (parts[part] / Math.max(most, LEAST)) * 100)}%` }} aria-hidden />
            <span>{formatNumber(parts[part], 2)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
