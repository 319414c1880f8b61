import { ActionIcon, Button, Menu } from '@mantine/core';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { ConversationAction } from '../../../contract/organising.ts';
import { useEscape } from '../../state/use-escape.ts';
import { IconArchive, IconArchiveOff, IconFolder, IconFolderPlus, IconTag, IconTrash, IconX } from '../../ui/icons.ts';
import type { Selection } from '../../ui/use-selection.ts';
import classes from './choose-bar.module.css';
import { FolderDialog } from '../../ui/folder-dialog.tsx';
import { useConversationFolders } from './use-conversation-folders.ts';
import { useMarking } from './use-marking.ts';

const TagSheet = lazy(async () => ({ default: (await import('./tag-sheet.tsx')).TagSheet }));

export interface ChooseBarProps {
  selection: Selection;
  /** Those read so far. */
  conversations: readonly Conversation[];
  isArchive: boolean;
}

/** What can be done with the chosen conversations, each with one undo. */
export function ChooseBar({ selection, conversations, isArchive }: ChooseBarProps) {
  const { t } = useTranslation('list');
  const change = useMarking();
  const navigate = useNavigate();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const [tagging, setTagging] = useState(false);
  const ids = [...selection.ids];
  const none = ids.length === 0;
  const chosen = conversations.filter(({ id }) => selection.ids.has(id));
  useEscape(selection.end);

  async function run(action: ConversationAction): Promise<void> {
    if (action.type === 'delete' && ids.some((id) => pathname === `/c/${id}`)) await navigate({ to: '/' });
    selection.end();
    await change(ids, action);
  }
  return (
    <div className={classes['bar']} role="toolbar" aria-label={t('choose.bar')}>
      <ActionIcon variant="subtle" size={44} aria-label={t('choose.end')} onClick={selection.end}>
        <IconX size={20} aria-hidden />
      </ActionIcon>
      <span id="conversations-chosen" className={classes['count']} aria-live="polite">
        {t('choose.count', { count: ids.length })}
      </span>
      <Button
        variant="subtle"
        size="compact-md"
        onClick={() => selection.replace(conversations.map(({ id }) => id))}
        disabled={chosen.length === conversations.length}
      >
        {t('choose.all')}
      </Button>
      <span className={classes['actions']}>
        <BarButton
          label={isArchive ? t('keep.unarchive') : t('keep.archive')}
          icon={isArchive ? IconArchiveOff : IconArchive}
          disabled={none}
          onClick={() => void run({ type: 'archive', value: !isArchive })}
        />
        <BarButton label={t('tags.item')} icon={IconTag} disabled={none} onClick={() => setTagging(true)} />
        <MoveMenu disabled={none} onMove={(folderId) => void run({ type: 'move', folderId })} />
        <BarButton
          label={t('delete')}
          icon={IconTrash}
          // What a guest visits is the host's to delete.
          disabled={none || chosen.every(({ mine }) => !mine)}
          onClick={() => void run({ type: 'delete' })}
        />
      </span>
      <Suspense>{tagging && <TagSheet ids={ids} conversations={chosen} onClose={() => setTagging(false)} />}</Suspense>
    </div>
  );
}

interface BarButtonProps {
  label: string;
  icon: typeof IconTrash;
  disabled: boolean;
  onClick: () => void;
}

function BarButton({ label, icon: Icon, disabled, onClick }: BarButtonProps) {
  return (
    <ActionIcon variant="subtle" size={44} disabled={disabled} aria-label={label} title={label} onClick={onClick}>
      <Icon size={20} aria-hidden />
    </ActionIcon>
  );
}

function MoveMenu({ disabled, onMove }: { disabled: boolean; onMove: (folderId: string | null) => void }) {
  const { t } = useTranslation('list');
  const { folders, pathOf, create } = useConversationFolders();
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            size={44}
            disabled={disabled}
            aria-label={t('choose.move')}
            title={t('choose.move')}
          >
            <IconFolder size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown className={classes['dropdown'] ?? ''}>
          {folders.map((folder) => (
            <Menu.Item key={folder.id} onClick={() => onMove(folder.id)}>
              {pathOf(folder)}
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<IconFolderPlus size={18} aria-hidden />} onClick={() => setNaming(true)}>
            {t('folders.new')}
          </Menu.Item>
          {folders.length > 0 && <Menu.Item onClick={() => onMove(null)}>{t('keep.takeOut')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <FolderDialog
          folder={null}
          onSave={async (name) => onMove(await create(name))}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
