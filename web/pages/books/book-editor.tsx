import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LorebookBody } from '../../../contract/lore.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { showToast } from '../../state/toasts.ts';
import type { BookDraft } from './book-draft.ts';
import classes from './book-editor.module.css';
import { BookSettings } from './book-settings.tsx';
import { EntryForm } from './entry-form.tsx';
import { EntryList } from './entry-list.tsx';
import { entryName } from './entry-name.ts';
import { LoreTesterPanel } from './lore-tester-panel.tsx';
import { newEntry } from './new-entry.ts';
import { TokenCountsProvider } from './token-count.tsx';
import { useDraft, useDraftGuard } from './use-draft.ts';
import type { TestSource } from './use-lore-test.ts';

export interface BookEditorProps {
  draft: BookDraft;
  /** Its name, its state, and what can be done with the whole of it. */
  header: ReactNode;
  /** Below the book's own settings. */
  more?: ReactNode;
  readOnly?: boolean;
  /** How the tester reaches the book. */
  source: TestSource;
  /** With whom it is tried where no conversation is chosen. */
  characterId?: string;
}

type View = 'list' | 'try' | 'settings';

/** A book: its entries, one of them open, and the tester beside them; on a phone one after the other. */
export function BookEditor({ draft, header, more, readOnly = false, source, characterId }: BookEditorProps) {
  const { t } = useTranslation('books');
  const narrow = useIsNarrow();
  const { body } = useDraft(draft);
  const [chosenView, setView] = useState<View>('list');
  const [openUid, setOpenUid] = useState<string | null>(null);
  useDraftGuard(draft);
  const views: View[] = narrow ? ['list', 'try', 'settings'] : ['list', 'settings'];
  const view = views.includes(chosenView) ? chosenView : 'list';
  const open = (uid: string) => {
    setOpenUid(uid);
    setView('list');
  };

  return (
    <TokenCountsProvider>
      <div className={classes['editor']}>
        {header}
        <SegmentedControl
          className={classes['views'] ?? ''}
          aria-label={t('editor.views')}
          value={view}
          data={views.map((value) => ({ value, label: t(`editor.${value}`) }))}
          onChange={(value) => setView(views.find((one) => one === value) ?? 'list')}
        />
        <div className={classes['columns']} data-narrow={narrow}>
          {view === 'list' && (
            <Entries draft={draft} body={body} openUid={openUid} readOnly={readOnly} onOpen={setOpenUid} />
          )}
          {view === 'settings' && (
            <div className={classes['settings']}>
              <BookSettings draft={draft} readOnly={readOnly} />
              {more}
            </div>
          )}
          {(view === 'try' || !narrow) && (
            <aside className={classes['tester']} aria-label={t('test.title')}>
              <LoreTesterPanel
                draft={draft}
                source={source}
                onOpen={open}
                {...(characterId === undefined ? {} : { characterId })}
              />
            </aside>
          )}
        </div>
      </div>
    </TokenCountsProvider>
  );
}

interface EntriesProps {
  draft: BookDraft;
  body: LorebookBody;
  openUid: string | null;
  readOnly: boolean;
  onOpen: (uid: string | null) => void;
}

/** The list and the open entry: side by side where there is room, else one at a time. */
function Entries({ draft, body, openUid, readOnly, onOpen }: EntriesProps) {
  const { t } = useTranslation(['books', 'common']);
  const place = body.entries.findIndex(({ uid }) => uid === openUid);
  const entry = body.entries[place];

  function add(from?: typeof entry): void {
    const made = newEntry(body, from);
    const index = from ? place + 1 : body.entries.length;
    if (draft.apply({ type: 'entry-insert', entries: [{ index, entry: made }] })) onOpen(made.uid);
    else showToast({ kind: 'error', text: t('books:editor.full') });
  }
  function remove(): void {
    if (!entry) return;
    const undo = draft.apply({ type: 'entry-remove', uids: [entry.uid] });
    onOpen(null);
    const name = entryName(entry) || t('books:editor.untitled');
    if (undo) {
      showToast({ text: t('books:entry.deletedToast', { name }), action: { label: t('common:undo'), run: undo } });
    }
  }

  return (
    <div className={classes['entries']} data-open={entry !== undefined}>
      <div className={classes['listColumn']}>
        <EntryList
          body={body}
          draft={draft}
          readOnly={readOnly}
          openUid={entry?.uid ?? null}
          onOpen={onOpen}
          onAdd={() => add()}
        />
      </div>
      <div className={classes['formColumn']}>
        {entry === undefined ? (
          <p className={classes['pick']}>{t('books:editor.pick')}</p>
        ) : (
          <EntryForm
            key={entry.uid}
            entry={entry}
            mode={body.mode}
            place={place}
            total={body.entries.length}
            readOnly={readOnly}
            onChange={(fields) => draft.apply({ type: 'entry-edit', uids: [entry.uid], fields })}
            onMove={(by) => draft.apply({ type: 'entry-move', uid: entry.uid, index: place + by })}
            onDuplicate={() => add(entry)}
            onDelete={remove}
            onBack={() => onOpen(null)}
          />
        )}
      </div>
    </div>
  );
}
