import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { useDraft } from '../../state/drafts.ts';
import { formatRecent } from '../../state/format.ts';
import { IconDots, IconPencil, IconPin, IconTrash } from '../../ui/icons.ts';
import { Scene } from '../../ui/scene.tsx';
import { titleOf } from '../conversation/room/room-title.ts';
import classes from './conversation-list.module.css';
import { MarkItems } from './mark-items.tsx';
import { useDeleteConversation } from './use-delete-conversation.ts';

const RenameDialog = lazy(async () => ({ default: (await import('./rename-dialog.tsx')).RenameDialog }));

export function ConversationRow({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('list');
  const { character } = conversation;
  const draft = useDraft(conversation.id).trim().slice(0, 120);
  const time = formatRecent(conversation.updatedAt, Date.now()) ?? t('now');
  return (
    <li className={classes['row']}>
      <Link
        to="/c/$conversationId"
        params={{ conversationId: conversation.id }}
        className={classes['link']}
        activeProps={{ 'aria-current': 'page' }}
      >
        <span className={classes['face']}>
          <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
        </span>
        <span className={classes['words']}>
          <b>
            {conversation.mark.pinned && <IconPin size={14} aria-label={t('keep.pinned')} />}
            {titleOf(conversation)}
          </b>
          <span>
            {conversation.replying ? t('replying') : draft === '' ? conversation.preview : t('draft', { text: draft })}
          </span>
        </span>
        <time dateTime={new Date(conversation.updatedAt).toISOString()}>{time}</time>
      </Link>
      {conversation.mine && <RowMenu conversation={conversation} />}
    </li>
  );
}

function RowMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('list');
  const [renaming, setRenaming] = useState(false);
  const deleteConversation = useDeleteConversation();
  return (
    <>
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <ActionIcon
            className={classes['menu']}
            variant="subtle"
            size={32}
            aria-label={t('menu', { title: conversation.title })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MarkItems conversation={conversation} />
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setRenaming(true)}>
            {t('rename')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => void deleteConversation(conversation)}
          >
            <span className={classes['itemTitle']}>{t('delete')}</span>
            <small className={classes['itemDetail']}>
              {t('deleteDetail', {
                count: conversation.messageCount,
                time: formatRecent(conversation.updatedAt, Date.now()) ?? t('now'),
              })}
            </small>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{renaming && <RenameDialog conversation={conversation} onClose={() => setRenaming(false)} />}</Suspense>
    </>
  );
}
