import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { formatNumber } from '../../state/format.ts';
import { segmentColor, useSegmentLabel } from '../conversation/receipt-segments.ts';
import classes from './inspector.module.css';

export interface SegmentLegendProps {
  record: PromptRecord;
  /** The segments the text is narrowed to; empty = all. */
  shown: ReadonlySet<number>;
  onToggle: (segment: number) => void;
  onShowAll: () => void;
}

/** Every part with its colour, owner and tokens; pressing one narrows the text to it. */
export function SegmentLegend({ record: { segments }, shown, onToggle, onShowAll }: SegmentLegendProps) {
  const { t } = useTranslation('inspector');
  const segmentLabel = useSegmentLabel();
  const most = Math.max(1, ...segments.map(({ tokens }) => tokens));
  return (
    <section>
      <div className={classes['legendHead']}>
        <h3>{t('segments')}</h3>
        {shown.size > 0 && (
          <button type="button" className={classes['textButton']} onClick={onShowAll}>
            {t('showAll')}
          </button>
        )}
      </div>
      <ul className={classes['legend']}>
        {segments.map((segment, index) => (
          // The same kind may come twice; its place in the prompt tells them apart.
          <li key={`${segment.kind}-${index}`}>
            <button
              type="button"
              className={classes['legendItem']}
              aria-pressed={shown.has(index)}
              data-dimmed={shown.size > 0 && !shown.has(index)}
              onClick={() => onToggle(index)}
            >
              <i className={classes['swatch']} style={{ background: segmentColor(segment.kind) }} aria-hidden />
              <span className={classes['legendWords']}>
                <span>{segmentLabel(segment)}</span>
                {segment.owner !== '' && <small>{segment.owner}</small>}
                <span className={classes['tokenBar']} aria-hidden>
                  <i style={{ width: `${(segment.tokens / most) * 100}%`, background: segmentColor(segment.kind) }} />
                </span>
              </span>
              <span className={classes['count']}>
                <span aria-hidden>{formatNumber(segment.tokens)}</span>
                <span className="visually-hidden">
                  {t('tokens', { count: segment.tokens, tokens: formatNumber(segment.tokens) })}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
