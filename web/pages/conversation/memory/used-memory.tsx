import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryUse } from '../../../../contract/memory.ts';
import { formatDateTime } from '../../../state/format.ts';
import { FactEditor } from '../../memory/fact-editor.tsx';
import { ForgetDialog } from '../../memory/forget-dialog.tsx';
import { MarkedText } from '../../memory/marked-text.tsx';
import { formatAgo } from '../../memory/memory-times.ts';
import { SourcePreview } from '../../memory/source-preview.tsx';
import { ForgetMessageDialog } from './forget-message-dialog.tsx';
import classes from './receipt-memory.module.css';
import { ScoreBars } from './score-bars.tsx';

export interface UsedMemoryProps {
  use: MemoryUse;
  /** The largest score part among all, to which bars are drawn. */
  most: number;
  characterId: string;
}

/** Units from which a text may have been cut for the receipt. */
const CUT_LENGTH = 300;

/** A memory a reply used: its words, how it was found, where from, and the way to put it right. */
export function UsedMemory({ use, most, characterId }: UsedMemoryProps) {
  const { t } = useTranslation('memory');
  const [shown, setShown] = useState(false);
  const [editing, setEditing] = useState(false);
  if (use.forgotten === true) return <p className={classes['forgotten']}>{t('receipt.forgotten')}</p>;
  // The message itself first; the turns beside it are shown around it anyway.
  const sources = use.kind === 'passage' ? [use.id] : use.sources.map(({ messageId }) => messageId);
  const when = use.kind === 'date' ? formatDateTime(use.at) : formatAgo(use.at, Date.now());
  return (
    <article className={classes['use']}>
      {editing ? (
        <FactEditor fact={use} onClose={() => setEditing(false)} />
      ) : (
        <p className={classes['words']}>
          <MarkedText text={use.text} words={use.words} />
        </p>
      )}
      <p className={classes['about']}>
        {[t(`kind.${use.kind}`), use.speaker, when].filter((part) => part !== '').join(' · ')}
      </p>
      <ScoreBars parts={use.parts} most={most} />
      <div className={classes['actions']}>
        {sources.length > 0 && (
          <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t('receipt.source')}
          </button>
        )}
        <Repair use={use} characterId={characterId} onEdit={() => setEditing(true)} />
      </div>
      {shown && <SourcePreview messageIds={sources} words={use.words} />}
    </article>
  );
}

interface RepairProps {
  use: MemoryUse;
  characterId: string;
  onEdit: () => void;
}

/** Facts and passages are corrected and forgotten here; the rest on the page where they stand. */
function Repair({ use, characterId, onEdit }: RepairProps) {
  const { t } = useTranslation('memory');
  const [forgetting, setForgetting] = useState(false);
  const close = () => setForgetting(false);
  if (use.kind === 'fact' || use.kind === 'passage') {
    const whole = use.text.length < CUT_LENGTH;
    return (
      <>
        {use.kind === 'fact' && whole && (
          <button type="button" onClick={onEdit}>
            {t('fact.correct')}
          </button>
        )}
        <button type="button" onClick={() => setForgetting(true)}>
          {t('fact.forget')}
        </button>
        {forgetting && use.kind === 'fact' && <ForgetDialog fact={use} onClose={close} />}
        {forgetting && use.kind === 'passage' && <ForgetMessageDialog messageId={use.id} onClose={close} />}
      </>
    );
  }
  const view = use.kind === 'summary' ? 'timeline' : use.kind === 'diary' ? 'diary' : 'dates';
  return (
    <Link to="/characters/$characterId/memory" params={{ characterId }} search={{ view }}>
      {t('receipt.onPage')}
    </Link>
  );
}
