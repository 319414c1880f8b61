import { Button, NativeSelect } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LorebookBody, LoreEntry } from '../../../contract/lore.ts';
import { currentLocale } from '../../state/i18n.ts';
import { IconPlus } from '../../ui/icons.ts';
import { SearchField } from '../../ui/search-field.tsx';
import type { BookDraft } from './book-draft.ts';
import { BulkBar } from './bulk-bar.tsx';
import classes from './entry-list.module.css';
import { EntryRow } from './entry-row.tsx';
import { ENTRY_SORTS, arrangeEntries, type EntrySort } from './sort-entries.ts';

export interface EntryListProps {
  body: LorebookBody;
  draft: BookDraft;
  readOnly: boolean;
  openUid: string | null;
  onOpen: (uid: string) => void;
  onAdd: () => void;
}

/** px; rows are of one height, so that 20,000 of them need no measuring. */
const ROW_HEIGHT = 68;

export function EntryList(props: EntryListProps) {
  const { t } = useTranslation('books');
  const { body, draft, readOnly, onAdd } = props;
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<EntrySort>('list');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const wanted = useDeferredValue(search.trim());
  const entries = useMemo(
    () => arrangeEntries(body.entries, { search: wanted, sort, locale: currentLocale() }),
    [body.entries, wanted, sort],
  );
  const selected = useMemo(() => entries.filter(({ uid }) => chosen.has(uid)), [entries, chosen]);

  return (
    <div className={classes['list']}>
      <div className={classes['tools']}>
        <SearchField
          id="entry-search"
          label={t('editor.searchEntries')}
          clearLabel={t('searchClear')}
          value={search}
          onChange={setSearch}
        />
        <NativeSelect
          aria-label={t('editor.sort')}
          value={sort}
          data={ENTRY_SORTS.map((value) => ({ value, label: t(`editor.sorts.${value}`) }))}
          onChange={(event) => setSort(ENTRY_SORTS.find((one) => one === event.currentTarget.value) ?? 'list')}
        />
        {!readOnly && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={onAdd}>
            {t('editor.add')}
          </Button>
        )}
      </div>
      {!readOnly && entries.length > 0 && (
        <BulkBar draft={draft} shown={entries} selected={selected} onSelect={(uids) => setChosen(new Set(uids))} />
      )}
      {body.entries.length === 0 && <EmptyBook readOnly={readOnly} onAdd={onAdd} />}
      {body.entries.length > 0 && entries.length === 0 && (
        <p className={classes['hint']}>{t('editor.noMatch', { text: wanted })}</p>
      )}
      <Rows
        {...props}
        entries={entries}
        chosen={chosen}
        onChoose={(uid, isChosen) => {
          const next = new Set(chosen);
          if (isChosen) next.add(uid);
          else next.delete(uid);
          setChosen(next);
        }}
      />
    </div>
  );
}

function EmptyBook({ readOnly, onAdd }: { readOnly: boolean; onAdd: () => void }) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['empty']}>
      <strong>{t('editor.emptyTitle')}</strong>
      <p>{t('editor.emptyBody')}</p>
      {!readOnly && (
        <Button variant="default" onClick={onAdd}>
          {t('editor.addFirst')}
        </Button>
      )}
    </div>
  );
}

interface RowsProps extends EntryListProps {
  entries: readonly LoreEntry[];
  chosen: ReadonlySet<string>;
  onChoose: (uid: string, isChosen: boolean) => void;
}

function Rows({ entries, chosen, draft, readOnly, openUid, onOpen, onChoose }: RowsProps) {
  const { t } = useTranslation('books');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => entries[index]?.uid ?? index,
    overscan: 8,
    initialRect: { width: 320, height: 640 },
  });
  return (
    // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={classes['scroller']} tabIndex={0} role="group" aria-label={t('editor.list')}>
      <ul className={classes['rows']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const entry = entries[index];
          if (!entry) return null;
          return (
            <li
              key={key}
              className={classes['item']}
              style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}
              aria-posinset={index + 1}
              aria-setsize={entries.length}
            >
              <EntryRow
                entry={entry}
                open={entry.uid === openUid}
                chosen={chosen.has(entry.uid)}
                readOnly={readOnly}
                onOpen={() => onOpen(entry.uid)}
                onChoose={(isChosen) => onChoose(entry.uid, isChosen)}
                onToggle={(enabled) => draft.apply({ type: 'entry-edit', uids: [entry.uid], fields: { enabled } })}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
