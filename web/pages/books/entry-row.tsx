import { Checkbox, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LoreEntry } from '../../../contract/lore.ts';
import classes from './entry-list.module.css';
import { entryName } from './entry-name.ts';
import { TokenCount } from './token-count.tsx';

export interface EntryRowProps {
  entry: LoreEntry;
  open: boolean;
  chosen: boolean;
  readOnly: boolean;
  onOpen: () => void;
  onChoose: (chosen: boolean) => void;
  onToggle: (enabled: boolean) => void;
}

export function EntryRow({ entry, open, chosen, readOnly, onOpen, onChoose, onToggle }: EntryRowProps) {
  const { t } = useTranslation('books');
  const name = entryName(entry) || t('editor.untitled');
  return (
    <div className={classes['row']} data-open={open} data-off={!entry.enabled}>
      {!readOnly && (
        <Checkbox
          size="md"
          className={classes['check'] ?? ''}
          aria-label={t('editor.select', { name })}
          checked={chosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      )}
      <button type="button" className={classes['words']} aria-current={open} onClick={onOpen}>
        <span className={classes['name']}>{name}</span>
        <span className={classes['keys']}>
          {entry.constant && <b>{t('editor.always')}</b>}
          {entry.keys.length > 0 ? entry.keys.slice(0, 12).join(' · ') : !entry.constant && t('editor.noKeys')}
        </span>
        <span className={classes['size']}>
          <TokenCount text={entry.content} />
        </span>
      </button>
      <Switch
        className={classes['switch'] ?? ''}
        aria-label={t('editor.isOn', { name })}
        checked={entry.enabled}
        disabled={readOnly}
        onChange={(event) => onToggle(event.currentTarget.checked)}
      />
    </div>
  );
}
