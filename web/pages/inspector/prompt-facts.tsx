import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { formatNumber } from '../../state/format.ts';
import classes from './inspector.module.css';

/** How the prompt was ordered, how much of it the engine had kept ready, and whether the text is still exact. */
export function PromptFacts({
  record: { model, order, presetName, tokens, exact, redacted },
}: {
  record: PromptRecord;
}) {
  const { t } = useTranslation('inspector');
  const { prompt, evaluated, reused } = tokens;
  return (
    <section className={classes['facts']}>
      <p>
        <strong>{t('tokens', { count: prompt, tokens: formatNumber(prompt) })}</strong>
        {' · '}
        {model.label}
        {presetName !== '' && ` · ${presetName}`}
      </p>
      {reused !== null && evaluated !== null && (
        <>
          <div className={classes['reuseBar']} aria-hidden>
            <i style={{ width: `${(reused / Math.max(1, prompt)) * 100}%` }} />
          </div>
          <p>{t('reuse', { reused: formatNumber(reused), evaluated: formatNumber(evaluated) })}</p>
        </>
      )}
      <p className={classes['hint']}>
        {order === 'stable' ? t('orderStable') : t('orderClassic')}
        {order === 'classic' && evaluated !== null && ` ${t('classicCost', { evaluated: formatNumber(evaluated) })}`}
      </p>
      {redacted === true && (
        <p className={classes['warning']} role="note">
          {t('redacted')}
        </p>
      )}
      {!exact && redacted !== true && (
        <p className={classes['warning']} role="note">
          {t('inexact')}
        </p>
      )}
    </section>
  );
}
