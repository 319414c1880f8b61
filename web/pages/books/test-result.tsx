import { useTranslation } from 'react-i18next';
import type { LoreFired, TestedLore } from '../../../contract/lore.ts';
import { formatNumber } from '../../state/format.ts';
import classes from './lore-tester.module.css';
import { usePlaceName } from './use-place-name.ts';

/** What the messages called, in the order of the prompt; what was left out; and what is sent. */
export function TestResult({ result, onOpen }: { result: TestedLore; onOpen: (uid: string) => void }) {
  const { t } = useTranslation('books');
  const { fired, cut } = result;
  return (
    <>
      <p role="status" className={classes['verdict']}>
        {fired.length === 0 ? t('test.nothing') : t('test.fired', { count: fired.length })}
      </p>
      <Budget result={result} />
      <ol className={classes['fired']}>
        {fired.map((entry) => (
          <FiredRow key={entry.uid} entry={entry} onOpen={() => onOpen(entry.uid)} />
        ))}
      </ol>
      {cut.length > 0 && (
        <section>
          <h3 className={classes['heading']}>{t('test.cut')}</h3>
          <ul className={classes['cut']}>
            {cut.map(({ uid, name, reason }) => (
              <li key={uid}>
                <button type="button" onClick={() => onOpen(uid)}>
                  {name || t('editor.untitled')}
                </button>
                <span>{t(`test.cuts.${reason}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Sent text={result.text} />
    </>
  );
}

function FiredRow({ entry, onOpen }: { entry: LoreFired; onOpen: () => void }) {
  const { t } = useTranslation('books');
  const placeName = usePlaceName();
  const { name, reason, key, position, depth, order, tokens } = entry;
  const shownName = name || key || t('editor.untitled');
  return (
    <li>
      <button type="button" onClick={onOpen}>
        <strong>{shownName}</strong>
        <span className={classes['why']}>
          <b>{t(`test.reasons.${reason}`)}</b>
          {key !== null && ` ${t('test.byKey', { key })}`}
        </span>
        <span className={classes['facts']}>
          {placeName(depth === null ? position : `${position}:${depth}`)}
          {' · '}
          {t('test.order', { order: formatNumber(order) })}
          {' · '}
          {t('editor.tokens', { count: tokens })}
        </span>
      </button>
    </li>
  );
}

function Budget({ result: { used, budget } }: { result: TestedLore }) {
  const { t } = useTranslation('books');
  if (budget === 0) return <p className={classes['hint']}>{t('test.budgetNone', { used: formatNumber(used) })}</p>;
  return (
    <div className={classes['budget']}>
      <meter min={0} max={budget} high={budget} value={Math.min(used, budget)} aria-label={t('test.budgetLabel')} />
      <span>{t('test.budget', { used: formatNumber(used), budget: formatNumber(budget) })}</span>
    </div>
  );
}

function Sent({ text }: { text: TestedLore['text'] }) {
  const { t } = useTranslation('books');
  const placeName = usePlaceName();
  const places = Object.entries(text);
  if (places.length === 0) return null;
  return (
    <details className={classes['sent']}>
      <summary>{t('test.result')}</summary>
      {places.map(([place, words]) => (
        <div key={place}>
          <h3 className={classes['heading']}>{placeName(place)}</h3>
          <p className={classes['words']}>{words}</p>
        </div>
      ))}
    </details>
  );
}
