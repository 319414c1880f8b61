import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemorySummary } from '../../../contract/memory.ts';
import classes from './memory-page.module.css';
import { SourcePreview } from './source-preview.tsx';

/** A summary to be read; a sentence shows what it rests on when it is pressed. */
export function SummarySentences({ summary }: { summary: Pick<MemorySummary, 'id' | 'sentences'> }) {
  const { t } = useTranslation('memory');
  const [open, setOpen] = useState<number | null>(null);
  const shown = open === null ? undefined : summary.sentences[open];
  return (
    <>
      <p className={classes['sentences']}>
        {summary.sentences.map((sentence, index) =>
          // A sentence's place in its summary is its identity.
          sentence.sources.length === 0 ? (
            <span key={index}>{sentence.text} </span>
          ) : (
            <button
              key={index}
              type="button"
              aria-expanded={open === index}
              title={t('summary.show')}
              onClick={() => setOpen(open === index ? null : index)}
            >
              {sentence.text}{' '}
            </button>
          ),
        )}
      </p>
      {shown !== undefined && <SourcePreview messageIds={shown.sources} />}
    </>
  );
}
