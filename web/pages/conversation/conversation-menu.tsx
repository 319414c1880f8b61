import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import {
  IconAdjustments,
  IconBrain,
  IconDots,
  IconDownload,
  IconGitBranch,
  IconInfoCircle,
  IconLink,
  IconMap,
  IconNotes,
  IconPalette,
  IconPencil,
  IconPhone,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconSettings,
  IconTool,
  IconTrash,
  IconUsers,
} from '../../ui/icons.ts';
import { useDeleteConversation } from '../conversations/use-delete-conversation.ts';
import classes from './conversation-view.module.css';
import type { RoomDialog } from './room/room-dialogs.tsx';

const ConversationToolsDialog = lazy(async () => ({
  default: (await import('./tools/conversation-tools-dialog.tsx')).ConversationToolsDialog,
}));
const RenameDialog = lazy(async () => ({
  default: (await import('../conversations/rename-dialog.tsx')).RenameDialog,
}));
const AuthorsNoteDialog = lazy(async () => ({
  default: (await import('./authors-note-dialog.tsx')).AuthorsNoteDialog,
}));
const ExportDialog = lazy(async () => ({ default: (await import('../moving/export-dialog.tsx')).ExportDialog }));
const SceneDialog = lazy(async () => ({ default: (await import('../worlds/scene-dialog.tsx')).SceneDialog }));
const LookSheet = lazy(async () => ({ default: (await import('./looks/look-sheet.tsx')).LookSheet }));
const CallLinkDialog = lazy(async () => ({
  default: (await import('../call/call-link-dialog.tsx')).CallLinkDialog,
}));
const ConversationOptions = lazy(async () => ({
  default: (await import('./conversation-options.tsx')).ConversationOptions,
}));

type Dialog = 'tools' | 'rename' | 'options' | 'note' | 'export' | 'call-link' | 'scene' | 'look';

export interface ConversationMenuProps {
  conversation: Conversation;
  onShowReceipt: () => void;
  onShowMemory: () => void;
  onRoomDialog: (dialog: RoomDialog) => void;
}

export function ConversationMenu({ conversation, onShowReceipt, onShowMemory, onRoomDialog }: ConversationMenuProps) {
  const { t } = useTranslation('talk');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { name } = conversation.character;
  const close = () => setDialog(null);
  return (
    <>
      <button
        type="button"
        className={classes['glass']}
        data-part="glass"
        data-wide
        onClick={onShowReceipt}
        aria-label={t('header.why')}
      >
        <IconInfoCircle size={20} aria-hidden />
      </button>
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <button type="button" className={classes['glass']} data-part="glass" aria-label={t('header.menu')}>
            <IconDots size={20} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItems {...{ conversation, name, onShowMemory }} onDialog={setDialog} />
          <RoomItems {...{ conversation, onRoomDialog }} />
          <DeleteItem conversation={conversation} />
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {dialog === 'tools' && <ConversationToolsDialog conversation={conversation} onClose={close} />}
        {dialog === 'rename' && <RenameDialog conversation={conversation} onClose={close} />}
        {dialog === 'scene' && <SceneDialog conversation={conversation} onClose={close} />}
        {dialog === 'look' && <LookSheet conversation={conversation} onClose={close} />}
        {dialog === 'note' && <AuthorsNoteDialog conversation={conversation} onClose={close} />}
        {dialog === 'export' && <ExportDialog conversation={conversation} onClose={close} />}
        {dialog === 'call-link' && <CallLinkDialog conversation={conversation} onClose={close} />}
        {dialog === 'options' && <ConversationOptions conversation={conversation} onClose={close} />}
      </Suspense>
    </>
  );
}

interface MenuItemsProps {
  conversation: Conversation;
  name: string;
  onDialog: (dialog: Dialog) => void;
  onShowMemory: () => void;
}

function MenuItems({ conversation, name, onDialog, onShowMemory }: MenuItemsProps) {
  const { t } = useTranslation(['talk', 'moving', 'call', 'memory', 'worlds', 'tools', 'looks']);
  const takeNewestVersion = useNewestVersion(conversation.id);
  const navigate = useNavigate();
  const { start } = useStartConversation();

  const characterId = conversation.character.id;
  return (
    <>
      <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void start(characterId)}>
        {t('talk:header.restart', { name })}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconUsers size={16} aria-hidden />}
        onClick={() => void navigate({ to: '/characters/$characterId', params: { characterId } })}
      >
        {t('talk:header.character', { name })}
      </Menu.Item>
      {conversation.newerVersion && (
        <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => void takeNewestVersion()}>
          {t('talk:header.newerVersion', { name })}
        </Menu.Item>
      )}
      <FindItem conversationId={conversation.id} />
      <Menu.Item leftSection={<IconBrain size={16} aria-hidden />} onClick={onShowMemory}>
        {t('memory:title')}
      </Menu.Item>
      <MapItem conversationId={conversation.id} />
      <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={() => onDialog('options')}>
        {t('talk:header.options')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPalette size={16} aria-hidden />} onClick={() => onDialog('look')}>
        {t('looks:title')}
      </Menu.Item>
      <Menu.Item leftSection={<IconMap size={16} aria-hidden />} onClick={() => onDialog('scene')}>
        {t('worlds:scene')}
      </Menu.Item>
      {conversation.mine && (
        <Menu.Item leftSection={<IconTool size={16} aria-hidden />} onClick={() => onDialog('tools')}>
          {t('tools:talk.title')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconNotes size={16} aria-hidden />} onClick={() => onDialog('note')}>
        {t('talk:note.title')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => onDialog('rename')}>
        {t('talk:header.rename')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPhone size={16} aria-hidden />} onClick={() => onDialog('call-link')}>
        {t('call:link.menu')}
      </Menu.Item>
      <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => onDialog('export')}>
        {t('moving:export.menu')}
      </Menu.Item>
    </>
  );
}

/** Who takes part, and how a room goes. */
function RoomItems({ conversation, onRoomDialog }: Pick<ConversationMenuProps, 'conversation' | 'onRoomDialog'>) {
  const { t } = useTranslation('room');
  return (
    <>
      <Menu.Divider />
      <Menu.Item leftSection={<IconUsers size={16} aria-hidden />} onClick={() => onRoomDialog('add')}>
        {t('add.menu')}
      </Menu.Item>
      <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => onRoomDialog('invite')}>
        {t('invite.title')}
      </Menu.Item>
      {conversation.room !== null && (
        <Menu.Item leftSection={<IconAdjustments size={16} aria-hidden />} onClick={() => onRoomDialog('settings')}>
          {t('settings.title')}
        </Menu.Item>
      )}
      <Menu.Divider />
    </>
  );
}

function DeleteItem({ conversation }: Pick<ConversationMenuProps, 'conversation'>) {
  const { t } = useTranslation('talk');
  const deleteConversation = useDeleteConversation();
  return (
    <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void deleteConversation(conversation)}>
      {t('header.delete')}
    </Menu.Item>
  );
}

function MapItem({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('tree');
  const navigate = useNavigate();
  return (
    <Menu.Item
      leftSection={<IconGitBranch size={16} aria-hidden />}
      onClick={() => void navigate({ to: '/c/$conversationId/map', params: { conversationId } })}
    >
      {t('open')}
    </Menu.Item>
  );
}

/** Moves the conversation to the newest version of its character. */
function useNewestVersion(id: string): () => Promise<void> {
  const errorText = useErrorText();
  return async () => {
    try {
      await api.call('updateConversation', { params: { id }, body: { characterVersion: 'newest' } });
    } catch (error) {
      showToast({ kind: 'error', text: errorText(error) });
    }
  };
}

function FindItem({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('search');
  const navigate = useNavigate();
  const open = () => navigate({ to: '/c/$conversationId', params: { conversationId }, search: { find: '' } });
  return (
    <Menu.Item leftSection={<IconSearch size={16} aria-hidden />} onClick={() => void open()}>
      {t('findHere')}
    </Menu.Item>
  );
}
