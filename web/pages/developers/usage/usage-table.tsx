import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../state/format.ts';
import classes from '../developers.module.css';
import { formatMoney } from '../format-money.ts';
import type { UsageGroupSums } from './usage-view.ts';

export interface UsageTableProps {
  groups: readonly UsageGroupSums[];
  currency: string;
  /** What a row stands for. */
  heading: string;
  nameOf: (name: string | null) => string;
}

/** The figures of the chart, to be read. */
export function UsageTable({ groups, currency, heading, nameOf }: UsageTableProps) {
  const { t } = useTranslation('developers');
  return (
    // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['scroller']} role="region" aria-label={t('usage.table')} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{heading}</th>
            <th scope="col" data-number>
              {t('usage.calls')}
            </th>
            <th scope="col" data-number>
              {t('usage.failed')}
            </th>
            <th scope="col" data-number>
              {t('usage.inputTokens')}
            </th>
            <th scope="col" data-number>
              {t('usage.outputTokens')}
            </th>
            <th scope="col" data-number>
              {t('usage.cost')}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name}>
              <th scope="row">{nameOf(group.name)}</th>
              <td data-number>{formatNumber(group.calls)}</td>
              <td data-number>{formatNumber(group.failed)}</td>
              <td data-number>{formatNumber(group.inputTokens)}</td>
              <td data-number>{formatNumber(group.outputTokens)}</td>
              <td data-number>{formatMoney(group.cost, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
