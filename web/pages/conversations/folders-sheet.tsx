import { ActionIcon, Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { folderColours, type ConversationFolder } from '../../../contract/organising.ts';
import { useGuard } from '../../state/use-guard.ts';
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconFolder,
  IconFolderPlus,
  IconPencil,
  IconTrash,
} from '../../ui/icons.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { FolderDialog } from '../../ui/folder-dialog.tsx';
import classes from './folders-sheet.module.css';
import { useConversationFolders } from './use-conversation-folders.ts';

type Folders = ReturnType<typeof useConversationFolders>;
/** A folder to be renamed, or where a new one is to lie. */
type Naming = { folder: ConversationFolder } | { parentId: string | null };

export interface FoldersSheetProps {
  onClose: () => void;
  /** Shows what lies in a folder. */
  onShow: (id: string) => void;
  onRemoved: (id: string) => void;
}

/** All folders: made, named, coloured, laid into each other once, put in order, removed with what lay in them kept. */
export function FoldersSheet({ onClose, onShow, onRemoved }: FoldersSheetProps) {
  const { t } = useTranslation('list');
  const folders = useConversationFolders();
  const [naming, setNaming] = useState<Naming | null>(null);
  const row = { folders, onShow, onRemoved, onName: setNaming };
  return (
    <Sheet title={t('folders.title')} onClose={onClose}>
      {folders.tree.length === 0 && <p className={classes['lead']}>{t('folders.empty')}</p>}
      <ul className={classes['folders']}>
        {folders.tree.map(({ folder, inner }) => (
          <li key={folder.id}>
            <FolderRow folder={folder} {...row} />
            {inner.length > 0 && (
              <ul className={classes['inner']}>
                {inner.map((one) => (
                  <li key={one.id}>
                    <FolderRow folder={one} {...row} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        leftSection={<IconFolderPlus size={18} aria-hidden />}
        onClick={() => setNaming({ parentId: null })}
      >
        {t('folders.new')}
      </Button>
      {naming !== null && (
        <FolderDialog
          folder={'folder' in naming ? naming.folder : null}
          onSave={async (name) => {
            if ('folder' in naming) await folders.change(naming.folder, { name });
            else await folders.create(name, naming.parentId);
          }}
          onClose={() => setNaming(null)}
        />
      )}
    </Sheet>
  );
}

interface FolderRowProps extends Pick<FoldersSheetProps, 'onShow' | 'onRemoved'> {
  folder: ConversationFolder;
  folders: Folders;
  onName: (naming: Naming) => void;
}

function FolderRow({ folder, onShow, ...more }: FolderRowProps) {
  const { t } = useTranslation('list');
  return (
    <div className={classes['row']}>
      <button type="button" className={classes['show']} onClick={() => onShow(folder.id)}>
        <IconFolder size={20} aria-hidden data-colour={folder.colour} />
        <span>{folder.name}</span>
        <small>{t('folders.count', { count: folder.count })}</small>
      </button>
      <FolderMenu folder={folder} {...more} />
    </div>
  );
}

function FolderMenu({ folder, folders, onName, onRemoved }: Omit<FolderRowProps, 'onShow'>) {
  const { t } = useTranslation('list');
  const { isFirst, isLast } = folders.placeOf(folder);
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" size={44} aria-label={t('folders.menu', { name: folder.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown'] ?? ''}>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => onName({ folder })}>
          {t('folders.rename')}
        </Menu.Item>
        {!isFirst && (
          <Menu.Item leftSection={<IconArrowUp size={16} aria-hidden />} onClick={() => void folders.move(folder, -1)}>
            {t('folders.up')}
          </Menu.Item>
        )}
        {!isLast && (
          <Menu.Item leftSection={<IconArrowDown size={16} aria-hidden />} onClick={() => void folders.move(folder, 1)}>
            {t('folders.down')}
          </Menu.Item>
        )}
        <NestItems folder={folder} folders={folders} onName={onName} />
        <Menu.Label>{t('folders.colour')}</Menu.Label>
        <ColourItems folder={folder} folders={folders} />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => {
            onRemoved(folder.id);
            void folders.remove(folder);
          }}
        >
          {t('folders.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Folders nest once: one that holds folders lies in none. */
function NestItems({ folder, folders, onName }: Pick<FolderRowProps, 'folder' | 'folders' | 'onName'>) {
  const { t } = useTranslation('list');
  const guard = useGuard();
  const branch = folders.tree.find((one) => one.folder.id === folder.id);
  const into = branch?.inner.length === 0 ? folders.tree.filter((one) => one.folder.id !== folder.id) : [];
  const lay = (parentId: string | null) => void guard(folders.change(folder, { parentId }));
  return (
    <>
      {branch !== undefined && (
        <Menu.Item
          leftSection={<IconFolderPlus size={16} aria-hidden />}
          onClick={() => onName({ parentId: folder.id })}
        >
          {t('folders.newInside')}
        </Menu.Item>
      )}
      {into.map(({ folder: parent }) => (
        <Menu.Item key={parent.id} leftSection={<IconFolder size={16} aria-hidden />} onClick={() => lay(parent.id)}>
          {t('folders.layInto', { name: parent.name })}
        </Menu.Item>
      ))}
      {branch === undefined && (
        <Menu.Item leftSection={<IconFolder size={16} aria-hidden />} onClick={() => lay(null)}>
          {t('folders.toTop')}
        </Menu.Item>
      )}
    </>
  );
}

function ColourItems({ folder, folders }: Pick<FolderRowProps, 'folder' | 'folders'>) {
  const { t } = useTranslation('list');
  const guard = useGuard();
  return folderColours.map((colour) => (
    <Menu.RadioItem
      key={colour}
      value={colour}
      closeMenuOnClick
      checked={folder.colour === colour}
      rightSection={<span className={classes['colour']} data-colour={colour} />}
      onChange={() => void guard(folders.change(folder, { colour }))}
    >
      {t(`folders.colours.${colour}`)}
    </Menu.RadioItem>
  ));
}
