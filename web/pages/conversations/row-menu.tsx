import { ActionIcon, Menu } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { formatRecent } from '../../state/format.ts';
import { IconChecks, IconDots, IconPencil, IconTag, IconTrash } from '../../ui/icons.ts';
import type { Selection } from '../../ui/use-selection.ts';
import { titleOf } from '../conversation/room/room-title.ts';
import classes from './conversation-row.module.css';
import { MarkItems } from './mark-items.tsx';
import { useDeleteConversation } from './use-delete-conversation.ts';

const RenameDialog = lazy(async () => ({ default: (await import('./rename-dialog.tsx')).RenameDialog }));
const TagSheet = lazy(async () => ({ default: (await import('./tag-sheet.tsx')).TagSheet }));

/** What can be done with one conversation. A guest keeps a room as they like; the rest is the host's. */
export function RowMenu({ conversation, selection }: { conversation: Conversation; selection: Selection }) {
  const { t } = useTranslation('list');
  const [dialog, setDialog] = useState<'rename' | 'tags' | null>(null);
  const [isOpened, setIsOpened] = useState(false);
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" width={220} opened={isOpened} onChange={setIsOpened}>
        <Menu.Target>
          <ActionIcon
            className={classes['menu']}
            variant="subtle"
            size={32}
            aria-label={t('menu', { title: titleOf(conversation) })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown className={classes['dropdown'] ?? ''}>
          {isOpened && (
            <>
              <MarkItems conversation={conversation} />
              <Menu.Item leftSection={<IconTag size={16} aria-hidden />} onClick={() => setDialog('tags')}>
                {t('tags.item')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconChecks size={16} aria-hidden />}
                onClick={() => selection.toggle(conversation.id)}
              >
                {selection.ids.has(conversation.id) ? t('choose.off') : t('choose.on')}
              </Menu.Item>
              {conversation.mine && <HostItems conversation={conversation} onRename={() => setDialog('rename')} />}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {dialog === 'rename' && <RenameDialog conversation={conversation} onClose={close} />}
        {dialog === 'tags' && <TagSheet conversations={[conversation]} ids={[conversation.id]} onClose={close} />}
      </Suspense>
    </>
  );
}

function HostItems({ conversation, onRename }: { conversation: Conversation; onRename: () => void }) {
  const { t } = useTranslation('list');
  const deleteConversation = useDeleteConversation();
  return (
    <>
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onRename}>
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
    </>
  );
}
