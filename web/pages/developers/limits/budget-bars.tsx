import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { Budget } from '../../../../contract/platform-books.ts';
import classes from '../developers.module.css';
import { formatMoney } from '../format-money.ts';

export interface BudgetBarProps {
  budget: Budget;
  currency: string;
  /** What can be done with it. */
  children?: ReactNode;
}

/** How much of a budget is used. */
export function BudgetBar({ budget, currency, children }: BudgetBarProps) {
  const { t } = useTranslation('developers');
  const { scope, subject, label, period, spent, held, softLimit, hardLimit, softAt, hardAt } = budget;
  const limit = hardLimit ?? softLimit ?? 0;
  const used = spent + held;
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  const name = scope === 'all' ? t('limits.everything') : (label ?? subject ?? '');
  const state = hardAt !== null ? 'hard' : softAt === null ? 'fine' : 'soft';
  return (
    <li className={classes['budget']}>
      <div className={classes['bar']}>
        <span className={classes['grow']}>
          {name} · {t(`limits.periods.${period}`)}
        </span>
        <span className={classes['soft']}>
          {t('limits.used', { used: formatMoney(used, currency), limit: formatMoney(limit, currency) })}
        </span>
        {children}
      </div>
      <div
        className={classes['meter']}
        data-state={state}
        role="meter"
        aria-label={t('limits.meter', { name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span style={{ width: `${share * 100}%` }} />
      </div>
      {state !== 'fine' && <p className={classes['fault']}>{t(`limits.reached.${state}`)}</p>}
    </li>
  );
}
