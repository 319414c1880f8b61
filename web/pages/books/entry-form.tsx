import { ActionIcon, Button, Menu, Switch, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LoreEntry, LoreMode } from '../../../contract/lore.ts';
import type { LoreEntryFields } from '../../../contract/lorebook-changes.ts';
import { IconArrowDown, IconArrowLeft, IconArrowUp, IconCopy, IconDots, IconTrash } from '../../ui/icons.ts';
import { DecoratorHelp } from './decorator-help.tsx';
import classes from './entry-form.module.css';
import { EntryEverything } from './entry-everything.tsx';
import { entryName } from './entry-name.ts';
import { KeysInput } from './keys-input.tsx';
import { TokenCount } from './token-count.tsx';

export interface EntryFormProps {
  entry: LoreEntry;
  mode: LoreMode;
  /** From 0. */
  place: number;
  total: number;
  readOnly: boolean;
  onChange: (fields: LoreEntryFields) => void;
  onMove: (by: -1 | 1) => void;
  onDuplicate: () => void;
  onDelete: () => void;
  onBack: () => void;
}

/** One entry: what a newcomer needs first, everything else folded below. */
export function EntryForm(props: EntryFormProps) {
  const { t } = useTranslation('books');
  const { entry, mode, readOnly, onChange } = props;
  return (
    <fieldset className={classes['form']} disabled={readOnly}>
      <legend className="visually-hidden">{entryName(entry) || t('editor.untitled')}</legend>
      <EntryHead {...props} />
      <TextInput
        label={t('entry.title')}
        description={t('entry.titleHint')}
        value={entry.name}
        maxLength={10_000}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <KeysField {...props} />
      <div>
        <Textarea
          label={t('entry.content')}
          description={t('entry.contentHint')}
          value={entry.content}
          rows={9}
          maxLength={1_000_000}
          classNames={{ input: classes['content'] ?? '' }}
          onChange={(event) => onChange({ content: event.currentTarget.value })}
        />
        <p className={classes['count']}>
          <TokenCount text={entry.content} />
        </p>
      </div>
      {mode === 'spec' && <DecoratorHelp content={entry.content} onChange={(content) => onChange({ content })} />}
      <div className={classes['switches']}>
        <Switch
          label={t('entry.on')}
          description={t('entry.onAbout')}
          checked={entry.enabled}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
        <Switch
          label={t('entry.always')}
          description={t('entry.alwaysAbout')}
          checked={entry.constant}
          onChange={(event) => onChange({ constant: event.currentTarget.checked })}
        />
      </div>
      <EntryEverything entry={entry} mode={mode} onChange={onChange} />
    </fieldset>
  );
}

function KeysField({ entry, mode, onChange }: EntryFormProps) {
  const { t } = useTranslation('books');
  return (
    <div>
      <KeysInput
        label={t('entry.keys')}
        description={t('entry.keysHint')}
        placeholder={t('entry.keysPlaceholder')}
        value={entry.keys}
        patterns={mode === 'spec' && entry.useRegex}
        onChange={(keys) => onChange({ keys })}
      />
      <p className={classes['hint']}>
        {t('entry.keysCjk')} {mode === 'st' && t('entry.keysRegex', { pattern: '/storm(s|y)?/i' })}
      </p>
    </div>
  );
}

function EntryHead({ entry, place, total, readOnly, onMove, onDuplicate, onDelete, onBack }: EntryFormProps) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['head']}>
      <Button
        className={classes['back'] ?? ''}
        variant="subtle"
        leftSection={<IconArrowLeft size={18} aria-hidden />}
        onClick={onBack}
      >
        {t('editor.back')}
      </Button>
      <h2>{entryName(entry) || t('editor.untitled')}</h2>
      {!readOnly && (
        <div className={classes['headButtons']}>
          <ActionIcon
            variant="subtle"
            size={40}
            aria-label={t('entry.up')}
            disabled={place === 0}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            size={40}
            aria-label={t('entry.down')}
            disabled={place === total - 1}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={18} aria-hidden />
          </ActionIcon>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="subtle" size={40} aria-label={t('entry.more')}>
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={onDuplicate}>
                {t('entry.duplicate')}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={onDelete}>
                {t('entry.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </div>
  );
}
