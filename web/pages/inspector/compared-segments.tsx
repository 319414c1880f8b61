import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { formatNumber } from '../../state/format.ts';
import { segmentColor, useSegmentLabel } from '../conversation/receipt-segments.ts';
import { compareSegments } from './compare-prompts.ts';
import classes from './inspector.module.css';

/** How many tokens each part took on both sides. */
export function ComparedSegments({ left, right }: { left: PromptRecord; right: PromptRecord }) {
  const { t } = useTranslation('inspector');
  const segmentLabel = useSegmentLabel();
  const segments = compareSegments(left, right);
  const changed = segments.filter((segment) => segment.left !== segment.right);
  return (
    <details className={classes['comparedSegments']}>
      <summary>
        {t('tokenDifference', {
          left: formatNumber(left.tokens.prompt),
          right: formatNumber(right.tokens.prompt),
          difference: signed(right.tokens.prompt - left.tokens.prompt),
        })}
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('segments')}</th>
            <th scope="col">{t('otherReply')}</th>
            <th scope="col">{t('thisReply')}</th>
            <th scope="col">{t('difference')}</th>
          </tr>
        </thead>
        <tbody>
          {(changed.length > 0 ? changed : segments).map((segment) => (
            <tr key={`${segment.kind} ${segment.owner}`}>
              <th scope="row">
                <i className={classes['swatch']} style={{ background: segmentColor(segment.kind) }} aria-hidden />
                {segmentLabel({ kind: segment.kind, stable: false, tokens: 0 })}
                {segment.owner !== '' && ` · ${segment.owner}`}
              </th>
              <td>{formatNumber(segment.left)}</td>
              <td>{formatNumber(segment.right)}</td>
              <td>{signed(segment.right - segment.left)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function signed(value: number): string {
  if (value === 0) return '±0';
  return value > 0 ? `+${formatNumber(value)}` : `−${formatNumber(-value)}`;
}
