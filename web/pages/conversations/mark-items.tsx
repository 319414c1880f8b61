import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { IconArchive, IconFolder, IconHeart, IconPin } from '../../ui/icons.ts';
import { organisedQuery, useMarking } from './use-marking.ts';

/** Favourite, pin, archive, and the folders: how a person keeps one conversation. */
export function MarkItems({ conversation: { id, mark } }: { conversation: Conversation }) {
  const { t } = useTranslation('list');
  const { data } = useQuery(organisedQuery);
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
        leftSection={<IconArchive size={16} aria-hidden />}
        onClick={() => void change([id], { type: 'archive', value: !mark.archived })}
      >
        {mark.archived ? t('keep.unarchive') : t('keep.archive')}
      </Menu.Item>
      {data?.folders
        .filter((folder) => folder.id !== mark.folderId)
        .map((folder) => (
          <Menu.Item
            key={folder.id}
            leftSection={<IconFolder size={16} aria-hidden />}
            onClick={() => void change([id], { type: 'move', folderId: folder.id })}
          >
            {t('keep.moveTo', { name: folder.name })}
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
