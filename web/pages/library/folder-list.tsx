import { ActionIcon, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterFolder, LibraryOverview } from '../../../contract/library.ts';
import { formatNumber } from '../../state/format.ts';
import { IconArrowDown, IconArrowUp, IconDots, IconFolder, IconPencil, IconPlus, IconTrash } from '../../ui/icons.ts';
import { FolderDialog } from '../../ui/folder-dialog.tsx';
import classes from './library-shelves.module.css';
import { useFolders } from './use-folders.ts';
import { useLibrary } from './use-library.ts';

export interface FolderListProps {
  overview: LibraryOverview;
  /** A sheet closes when something was chosen. */
  onChosen: (() => void) | undefined;
}

/** All, those in no folder, and each folder, with how many lie there. */
export function FolderList({ overview, onChosen }: FolderListProps) {
  const { t } = useTranslation('library');
  const [dialog, setDialog] = useState<CharacterFolder | 'new' | null>(null);
  const folders = useFolders(overview.folders);
  return (
    <section>
      <h2>
        {t('folders')}
        <ActionIcon variant="subtle" size={36} aria-label={t('newFolder')} onClick={() => setDialog('new')}>
          <IconPlus size={18} aria-hidden />
        </ActionIcon>
      </h2>
      <FolderRows overview={overview} folders={folders} onChosen={onChosen} onRename={setDialog} />
      {overview.folders.length === 0 && <p className={classes['hint']}>{t('foldersHint')}</p>}
      {dialog !== null && (
        <FolderDialog
          folder={dialog === 'new' ? null : dialog}
          onSave={async (name) => {
            if (dialog === 'new') await folders.create(name);
            else await folders.rename(dialog.id, name);
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </section>
  );
}

interface FolderRowsProps extends FolderListProps {
  folders: ReturnType<typeof useFolders>;
  onRename: (folder: CharacterFolder) => void;
}

function FolderRows({ overview, folders, onChosen, onRename }: FolderRowsProps) {
  const { t } = useTranslation('library');
  const { search, change } = useLibrary();
  const choose = (folder: string | undefined) => {
    change({ folder });
    onChosen?.();
  };
  return (
    <ul className={classes['folders']}>
      <li>
        <FolderButton
          label={t('all')}
          count={overview.total}
          current={search.folder === undefined}
          onClick={() => choose(undefined)}
        />
      </li>
      {overview.folders.map((folder) => (
        <li key={folder.id}>
          <FolderButton
            label={folder.name}
            count={folder.count}
            current={search.folder === folder.id}
            onClick={() => choose(folder.id)}
          />
          <FolderMenu folder={folder} folders={folders} onRename={() => onRename(folder)} />
        </li>
      ))}
      {overview.folders.length > 0 && (
        <li>
          <FolderButton
            label={t('unfiled')}
            count={overview.unfiled}
            current={search.folder === 'none'}
            onClick={() => choose('none')}
          />
        </li>
      )}
    </ul>
  );
}

interface FolderButtonProps {
  label: string;
  count: number;
  current: boolean;
  onClick: () => void;
}

function FolderButton({ label, count, current, onClick }: FolderButtonProps) {
  return (
    <button type="button" className={classes['folder']} aria-current={current ? 'true' : undefined} onClick={onClick}>
      <IconFolder size={18} aria-hidden />
      <span>{label}</span>
      <small>{formatNumber(count)}</small>
    </button>
  );
}

interface FolderMenuProps {
  folder: CharacterFolder;
  folders: ReturnType<typeof useFolders>;
  onRename: () => void;
}

function FolderMenu({ folder, folders, onRename }: FolderMenuProps) {
  const { t } = useTranslation('library');
  const { search, change } = useLibrary();
  const { isFirst, isLast } = folders.placeOf(folder.id);
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} aria-label={t('folderMenu', { name: folder.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onRename}>
          {t('rename')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowUp size={16} aria-hidden />}
          disabled={isFirst}
          onClick={() => void folders.move(folder.id, -1)}
        >
          {t('moveUp')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} aria-hidden />}
          disabled={isLast}
          onClick={() => void folders.move(folder.id, 1)}
        >
          {t('moveDown')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => {
            if (search.folder === folder.id) change({ folder: undefined });
            void folders.remove(folder);
          }}
        >
          {t('deleteFolder')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
