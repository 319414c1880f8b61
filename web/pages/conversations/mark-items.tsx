import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { IconArchive, IconArchiveOff, IconBellOff, IconFolder, IconHeart, IconPin } from '../../ui/icons.ts';
import { useConversationFolders } from './use-conversation-folders.ts';
import { useMarking } from './use-marking.ts';

/** Pin, favourite, mute, archive, and the folders: how a person keeps one conversation. */
export function MarkItems({ conversation: { id, mark } }: { conversation: Conversation }) {
  const { t } = useTranslation('list');
  const { folders, pathOf } = useConversationFolders();
  const change = useMarking();
  return (
    <>
      <Menu.Item
        leftSection={<IconPin size={16} aria-hidden />}
        onClick={() => void change([id], { type: 'pin', value: !mark.pinned })}
      >
        {mark.pinned ? t('keep.unpin') : t('keep.pin')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconHeart size={16} aria-hidden />}
        onClick={() => void change([id], { type: 'favourite', value: !mark.favourite })}
      >
        {mark.favourite ? t('keep.unfavour') : t('keep.favour')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconBellOff size={16} aria-hidden />}
        onClick={() => void change([id], { type: 'mute', value: !mark.muted })}
      >
        {mark.muted ? t('keep.unmute') : t('keep.mute')}
      </Menu.Item>
      <Menu.Item
        leftSection={mark.archived ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />}
        onClick={() => void change([id], { type: 'archive', value: !mark.archived })}
      >
        {mark.archived ? t('keep.unarchive') : t('keep.archive')}
      </Menu.Item>
      {folders
        .filter((folder) => folder.id !== mark.folderId)
        .map((folder) => (
          <Menu.Item
            key={folder.id}
            leftSection={<IconFolder size={16} aria-hidden />}
            onClick={() => void change([id], { type: 'move', folderId: folder.id })}
          >
            {t('keep.moveTo', { name: pathOf(folder) })}
          </Menu.Item>
        ))}
      {mark.folderId !== null && (
        <Menu.Item
          leftSection={<IconFolder size={16} aria-hidden />}
          onClick={() => void change([id], { type: 'move', folderId: null })}
        >
          {t('keep.takeOut')}
        </Menu.Item>
      )}
    </>
  );
}
