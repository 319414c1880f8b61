import { ActionIcon, Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EXPORT_MANY_LIMIT } from '../../../contract/cards.ts';
import type { BulkAction, LibraryCharacter } from '../../../contract/library.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useEscape } from '../../state/use-escape.ts';
import { useGuard } from '../../state/use-guard.ts';
import { IconDownload, IconFolder, IconHeart, IconPlus, IconTag, IconTrash, IconX } from '../../ui/icons.ts';
import { saveExports } from '../characters/export/save-export.ts';
import classes from './bulk-bar.module.css';
import { FolderDialog } from '../../ui/folder-dialog.tsx';
import { filterOf } from './library-search.ts';
import { libraryOverviewQuery } from './library-queries.ts';
import { TagDialog } from './tag-dialog.tsx';
import { useBulk } from './use-bulk.ts';
import { useFolders } from './use-folders.ts';
import { useLibrary } from './use-library.ts';
import type { Selection } from '../../ui/use-selection.ts';

export interface BulkBarProps {
  selection: Selection;
  /** Those read so far: what the chosen ones have in common is known of these. */
  characters: readonly LibraryCharacter[];
}

/** What can be done with the chosen characters, near the thumb. */
export function BulkBar({ selection, characters }: BulkBarProps) {
  const { t } = useTranslation('library');
  const bulk = useBulk();
  const guard = useGuard();
  const [tagging, setTagging] = useState(false);
  const ids = [...selection.ids];
  const none = ids.length === 0;
  const known = characters.filter(({ id }) => selection.ids.has(id));
  const allFavourites = known.length > 0 && known.every(({ favourite }) => favourite);
  useEscape(selection.end);

  async function run(action: BulkAction): Promise<void> {
    if ((await bulk(ids, action)) && action.type === 'delete') selection.end();
  }

  return (
    <div className={classes['bar']} role="toolbar" aria-label={t('bulk')}>
      <ActionIcon variant="subtle" size={44} aria-label={t('endSelecting')} onClick={selection.end}>
        <IconX size={20} aria-hidden />
      </ActionIcon>
      <span className={classes['count']} aria-live="polite">
        {t('chosen', { count: ids.length })}
      </span>
      <SelectAllButton selection={selection} />
      <span className={classes['actions']}>
        <BulkButton
          label={allFavourites ? t('unfavourAll') : t('favourAll')}
          icon={IconHeart}
          disabled={none}
          onClick={() => void run({ type: 'favourite', value: !allFavourites })}
        />
        <BulkButton label={t('tagAll')} icon={IconTag} disabled={none} onClick={() => setTagging(true)} />
        <MoveMenu disabled={none} onMove={(folderId) => void run({ type: 'move', folderId })} />
        <BulkButton
          label={t('exportAll')}
          icon={IconDownload}
          disabled={none || ids.length > EXPORT_MANY_LIMIT}
          onClick={() => void guard(saveExports(ids))}
        />
        <BulkButton
          label={t('deleteAll')}
          icon={IconTrash}
          disabled={none}
          onClick={() => void run({ type: 'delete' })}
        />
      </span>
      {tagging && <TagDialog known={known} onRun={run} onClose={() => setTagging(false)} />}
    </div>
  );
}

interface BulkButtonProps {
  label: string;
  icon: typeof IconTrash;
  disabled: boolean;
  onClick: () => void;
}

function BulkButton({ label, icon: Icon, disabled, onClick }: BulkButtonProps) {
  return (
    <ActionIcon variant="subtle" size={44} disabled={disabled} aria-label={label} onClick={onClick}>
      <Icon size={20} aria-hidden />
    </ActionIcon>
  );
}

/** All that the filter names, those not read yet as well. */
function SelectAllButton({ selection }: { selection: Selection }) {
  const { t } = useTranslation('library');
  const { search } = useLibrary();
  const guard = useGuard();
  async function selectAll(): Promise<void> {
    const found = await guard(api.call('librarySelection', { query: filterOf(search) }));
    if (found !== undefined) selection.replace(found.ids);
  }
  return (
    <Button variant="subtle" size="compact-md" onClick={() => void selectAll()}>
      {t('selectAll')}
    </Button>
  );
}

function MoveMenu({ disabled, onMove }: { disabled: boolean; onMove: (folderId: string | null) => void }) {
  const { t } = useTranslation('library');
  const { data } = useQuery(libraryOverviewQuery(currentLocale()));
  const there = data?.folders ?? [];
  const folders = useFolders(there);
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu position="top-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" size={44} disabled={disabled} aria-label={t('moveAll')}>
            <IconFolder size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown className={classes['menu'] ?? ''}>
          {there.map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => onMove(id)}>
              {name}
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setNaming(true)}>
            {t('newFolder')}
          </Menu.Item>
          {there.length > 0 && <Menu.Item onClick={() => onMove(null)}>{t('moveOut')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <FolderDialog
          folder={null}
          onSave={async (name) => onMove((await folders.create(name)).id)}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
