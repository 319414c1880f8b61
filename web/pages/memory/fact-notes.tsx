import { useTranslation } from 'react-i18next';
import type { MemoryFact } from '../../../contract/memory.ts';
import { formatDateTime } from '../../state/format.ts';
import type { FactItemProps } from './fact-item.tsx';
import classes from './facts.module.css';
import { formatAgo, formatBound } from './memory-times.ts';

/** What is to be known about a fact besides its words: when, how sure, and why it does not count. */
export function FactNotes({ fact, until, holdsNow = false }: FactItemProps) {
  const { t } = useTranslation('memory');
  const now = Date.now();
  const when = formatAgo(fact.saidAt, now);
  const validity = useValidity({ fact, until, holdsNow });
  const why = useWhyNot(fact);
  return (
    <span className={classes['notes']}>
      <time dateTime={new Date(fact.saidAt).toISOString()} title={formatDateTime(fact.saidAt)}>
        {fact.by === 'user' ? t('fact.written', { when }) : t('fact.said', { when })}
      </time>
      {validity !== null && <span>{validity}</span>}
      {fact.certainty !== 'certain' && <span>{t(`fact.certainty.${fact.certainty}`)}</span>}
      {fact.everywhere && <span>{t('fact.onEveryBranch')}</span>}
      {why !== null && <span className={classes['why']}>{why}</span>}
    </span>
  );
}

function useValidity({ fact, until, holdsNow }: FactItemProps): string | null {
  const { t } = useTranslation('memory');
  const now = Date.now();
  const from = fact.validFrom ?? (holdsNow ? fact.saidAt : null);
  const to = fact.validTo ?? (until === undefined ? null : (until.validFrom ?? until.saidAt));
  if (from !== null && to !== null) {
    return t('fact.between', { from: formatBound(from, now), to: formatBound(to, now) });
  }
  if (to !== null) return t('fact.until', { when: formatBound(to, now) });
  if (from === null) return null;
  const when = formatBound(from, now);
  return from > now ? t('fact.from', { when }) : t('fact.since', { when });
}

/** Why a fact is kept but not used; null while it is. */
function useWhyNot({ counts, state, sources }: MemoryFact): string | null {
  const { t } = useTranslation('memory');
  if (state === 'corrected') return t('fact.why.corrected');
  if (state === 'retracted') return t('fact.why.retracted');
  if (counts) return null;
  return sources.some(({ present }) => !present) ? t('fact.why.offPath') : t('fact.why.leftOut');
}
