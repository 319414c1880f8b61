import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiaryEntry } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { IconPencil, IconTrash } from '../../ui/icons.ts';
import { DiaryEditor } from './diary-editor.tsx';
import facts from './facts.module.css';
import classes from './memory-page.module.css';
import { formatLongDay } from './memory-times.ts';
import { SourcePreview } from './source-preview.tsx';
import { useMemoryChange } from './use-memory-change.ts';

/** A page of the diary, to be read or changed where it stands. */
export function DiaryPage({ entry, name }: { entry: DiaryEntry; name: string }) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const [state, setState] = useState<'read' | 'edit' | 'remove'>('read');
  const day = formatLongDay(entry.at);
  const params = { id: entry.id };
  const close = () => setState('read');
  if (state === 'edit') {
    return (
      <article className={classes['diaryPage']}>
        <DiaryEditor
          label={t('memory:diary.editLabel', { day })}
          initial={entry.text}
          onClose={close}
          onSave={async (text) =>
            (await change(api.call('changeDiaryEntry', { params, body: { text } }))) !== undefined
          }
        />
      </article>
    );
  }
  return (
    <article className={classes['diaryPage']} data-faded={!entry.counts} aria-label={day}>
      <header>
        <h2>
          <time dateTime={new Date(entry.at).toISOString()}>{day}</time>
        </h2>
        <DiaryControls day={day} onEdit={() => setState('edit')} onRemove={() => setState('remove')} />
      </header>
      <p className={classes['diaryText']}>{entry.text}</p>
      <DiaryOrigin entry={entry} name={name} />
      {state === 'remove' && (
        <ConfirmDialog
          title={t('memory:diary.removeTitle')}
          body={t('memory:diary.removeBody', { name })}
          confirmLabel={t('common:remove')}
          onClose={close}
          onConfirm={async () => {
            await change(api.call('removeDiaryEntry', { params }));
          }}
        />
      )}
    </article>
  );
}

function DiaryControls({ day, onEdit, onRemove }: { day: string; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation('memory');
  return (
    <div className={facts['controls']}>
      <button type="button" className={facts['iconButton']} aria-label={t('diary.edit', { day })} onClick={onEdit}>
        <IconPencil size={18} aria-hidden />
      </button>
      <button type="button" className={facts['iconButton']} aria-label={t('diary.remove', { day })} onClick={onRemove}>
        <IconTrash size={18} aria-hidden />
      </button>
    </div>
  );
}

/** Who wrote a page, whether it counts, and the talk it tells of. */
function DiaryOrigin({ entry, name }: { entry: DiaryEntry; name: string }) {
  const { t } = useTranslation('memory');
  const [sourceShown, setSourceShown] = useState(false);
  return (
    <>
      <div className={facts['meta']}>
        <span>{entry.by === 'user' ? t('diary.byYou') : t('diary.by', { name })}</span>
        {!entry.counts && <span className={facts['why']}>{t('fact.why.offPath')}</span>}
        {entry.sources.length > 0 && (
          <button
            type="button"
            className={facts['sourceButton']}
            aria-expanded={sourceShown}
            onClick={() => setSourceShown(!sourceShown)}
          >
            {t('fact.source', { count: entry.sources.length })}
          </button>
        )}
      </div>
      {sourceShown && <SourcePreview messageIds={entry.sources} />}
    </>
  );
}
