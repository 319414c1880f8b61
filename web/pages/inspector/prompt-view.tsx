import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import classes from './inspector.module.css';
import { LeftOut, LoreFired } from './lore-lists.tsx';
import { PromptFacts } from './prompt-facts.tsx';
import { promptRows } from './prompt-rows.ts';
import { PromptText } from './prompt-text.tsx';
import { reuseEnd } from './reuse-end.ts';
import { SegmentLegend } from './segment-legend.tsx';

/** One prompt: what it was made of beside its exact text; on a phone, one of the two at a time. */
export function PromptView({ record }: { record: PromptRecord }) {
  const { t } = useTranslation('inspector');
  const narrow = useIsNarrow();
  const [tab, setTab] = useState('text');
  const [shown, setShown] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => promptRows(record, { shown, reuse: reuseEnd(record) }), [record, shown]);
  const toggle = (segment: number) => {
    const next = new Set(shown);
    if (!next.delete(segment)) next.add(segment);
    setShown(next);
  };
  return (
    <>
      {narrow && (
        <SegmentedControl
          fullWidth
          value={tab}
          onChange={setTab}
          classNames={{ root: classes['tabs'] ?? '', indicator: classes['tab'] ?? '' }}
          aria-label={t('view')}
          data={[
            { value: 'text', label: t('text') },
            { value: 'parts', label: t('parts') },
          ]}
        />
      )}
      <div className={classes['columns']}>
        {(!narrow || tab === 'parts') && (
          <div className={classes['parts']}>
            <PromptFacts record={record} />
            <SegmentLegend record={record} shown={shown} onToggle={toggle} onShowAll={() => setShown(new Set())} />
            <LoreFired fired={record.lore.fired} />
            <LeftOut record={record} />
          </div>
        )}
        {(!narrow || tab === 'text') && <PromptText record={record} rows={rows} />}
      </div>
    </>
  );
}
