import { Button, Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LoreEntry } from '../../../contract/lore.ts';
import type { LorebookChange } from '../../../contract/lorebook-changes.ts';
import { showToast } from '../../state/toasts.ts';
import type { BookDraft } from './book-draft.ts';
import classes from './entry-list.module.css';

export interface BulkBarProps {
  draft: BookDraft;
  /** In the order in which they are listed now. */
  shown: readonly LoreEntry[];
  selected: readonly LoreEntry[];
  onSelect: (uids: readonly string[]) => void;
}

/** Choosing many entries, and what can be done with them at once; each can be undone. */
export function BulkBar({ draft, shown, selected, onSelect }: BulkBarProps) {
  const { t } = useTranslation(['books', 'common']);
  const count = selected.length;
  const uids = selected.map(({ uid }) => uid);

  function change(step: LorebookChange, text: string): void {
    const undo = draft.apply(step);
    if (undo) showToast({ text, action: { label: t('common:undo'), run: undo } });
  }
  const turn = (enabled: boolean) =>
    change(
      { type: 'entry-edit', uids, fields: { enabled } },
      t(enabled ? 'books:editor.bulkOn' : 'books:editor.bulkOff', { count }),
    );

  return (
    <div className={classes['bulk']}>
      <Checkbox
        size="md"
        label={
          count === 0 ? t('books:editor.selectAll', { count: shown.length }) : t('books:editor.selected', { count })
        }
        checked={count > 0 && count === shown.length}
        indeterminate={count > 0 && count < shown.length}
        onChange={() => onSelect(count === shown.length ? [] : shown.map(({ uid }) => uid))}
      />
      {count > 0 && (
        <div className={classes['bulkButtons']}>
          <Button size="compact-sm" variant="default" onClick={() => turn(true)}>
            {t('books:editor.turnOn')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => turn(false)}>
            {t('books:editor.turnOff')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              const orders = selected.map(({ uid }, index) => ({ uid, order: (index + 1) * 10 }));
              change({ type: 'entry-order', orders }, t('books:editor.renumbered', { count }));
            }}
          >
            {t('books:editor.renumber')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              onSelect([]);
              change({ type: 'entry-remove', uids }, t('books:editor.bulkDeleted', { count }));
            }}
          >
            {t('common:delete')}
          </Button>
        </div>
      )}
    </div>
  );
}
