import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/messages.ts';
import {
  IconChevronLeft,
  IconChevronRight,
  IconCopy,
  IconBan,
  IconDots,
  IconEraser,
  IconEye,
  IconEyeOff,
  IconInfoCircle,
  IconPencil,
  IconPlus,
  IconRefresh,
  IconSelect,
  IconSparkles,
  IconTrash,
} from '../../ui/icons.ts';
import { BranchItems } from './branches/branch-items.tsx';
import { TranslateItem } from './translation/translate-item.tsx';
import { ListenButton } from './voice/listen-button.tsx';
import { speechAddress } from './voice/voice-calls.ts';
import { useHotkeyLabel } from '../../state/use-hotkey-label.ts';
import { messageText } from '../../../client/message-text.ts';
import type { MessageHandlers } from './message-handlers.ts';
import { rightsOver, useRoomCast, type MessageRights } from './room/room-cast.tsx';
import { isFingerDevice, type MessagePress } from './use-message-press.ts';
import classes from './message-row.module.css';

export interface MessageActionsProps {
  message: Message;
  isLast: boolean;
  receiptShown: boolean;
  handlers: MessageHandlers;
  press: Pick<MessagePress, 'menu' | 'selectable' | 'setSelectable'>;
}

/** The quiet line under a message. The last reply shows all; others show theirs when pointed at, tapped or focused. */
export function MessageActions({ message, isLast, receiptShown, handlers, press }: MessageActionsProps) {
  const { t } = useTranslation('talk');
  const rights = rightsOver(useRoomCast(), message);
  const isReply = message.author.kind === 'character';
  const lastReply = isReply && isLast && rights.steer;
  const regenerateKey = useHotkeyLabel('regenerate');
  return (
    <div className={classes['actions']} role="group" aria-label={t('actions.label')}>
      {rights.steer && <Versions {...{ message, handlers }} regenerates={isReply} />}
      {lastReply && message.siblings.length < 2 && (
        <button
          type="button"
          className={classes['textButton']}
          title={regenerateKey.title(t('actions.regenerate'))}
          aria-keyshortcuts={regenerateKey.aria}
          onClick={() => handlers.regenerate(message.id)}
        >
          {t('actions.regenerate')}
        </button>
      )}
      {rights.read && messageText(message).trim() !== '' && (
        <ListenButton
          url={speechAddress(message.id)}
          label={t('listen.label')}
          className={classes['textButton'] ?? ''}
        />
      )}
      {rights.edit && (
        <button type="button" className={classes['textButton']} onClick={() => handlers.startEdit(message.id)}>
          {t('actions.edit')}
        </button>
      )}
      {message.hasReceipt && (
        <button
          type="button"
          className={classes['chip']}
          aria-pressed={receiptShown}
          onClick={() => handlers.showReceipt(message.id)}
        >
          {t('actions.why')}
        </button>
      )}
      <MoreMenu {...{ message, isLast, handlers, rights, press }} />
    </div>
  );
}

/** ‹ 2 / 3 ›; at the right end of a reply's versions, › writes another. */
function Versions({
  message,
  handlers,
  regenerates,
}: {
  message: Message;
  handlers: MessageHandlers;
  regenerates: boolean;
}) {
  const { t } = useTranslation('talk');
  const { siblings } = message;
  if (siblings.length < 2) return null;
  const index = siblings.indexOf(message.id);
  const previous = siblings[index - 1];
  const next = siblings[index + 1];
  const counts = { current: index + 1, total: siblings.length };
  return (
    <span className={classes['versions']}>
      <button
        type="button"
        className={classes['iconButton']}
        aria-label={t('actions.previous')}
        disabled={previous === undefined}
        onClick={() => previous !== undefined && handlers.choose(previous)}
      >
        <IconChevronLeft size={16} aria-hidden />
      </button>
      <span className={classes['count']}>
        <span aria-hidden>{t('actions.versionOf', counts)}</span>
        <span className="visually-hidden">{t('actions.versionLabel', counts)}</span>
      </span>
      <button
        type="button"
        className={classes['iconButton']}
        aria-label={next === undefined && regenerates ? t('actions.another') : t('actions.next')}
        disabled={next === undefined && !regenerates}
        onClick={() => (next === undefined ? handlers.regenerate(message.id) : handlers.choose(next))}
      >
        {next === undefined && regenerates ? (
          <IconPlus size={14} aria-hidden />
        ) : (
          <IconChevronRight size={16} aria-hidden />
        )}
      </button>
    </span>
  );
}

function MoreMenu({
  message,
  isLast,
  handlers,
  rights,
  press,
}: Omit<MessageActionsProps, 'receiptShown'> & { rights: MessageRights }) {
  const { t } = useTranslation(['talk', 'common']);
  const isReply = message.author.kind === 'character';
  return (
    <Menu position="top-end" width={240} opened={press.menu.opened} onChange={press.menu.setOpened}>
      <Menu.Target>
        <button type="button" className={classes['iconButton']} aria-label={t('common:more')}>
          <IconDots size={18} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {rights.steer && <ReplyItems {...{ message, isLast, handlers }} />}
        {isLast && rights.write && <WritingItems handlers={handlers} />}
        {((isReply && rights.steer) || (isLast && rights.write)) && <Menu.Divider />}
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => handlers.copy(message)}>
          {t('actions.copy')}
        </Menu.Item>
        {rights.read && <TranslateItem message={message} />}
        {isFingerDevice() && !press.selectable && (
          <Menu.Item leftSection={<IconSelect size={16} aria-hidden />} onClick={() => press.setSelectable(true)}>
            {t('actions.selectText')}
          </Menu.Item>
        )}
        {rights.host && <HostItems {...{ message, handlers }} />}
        {rights.remove && (
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => handlers.remove(message.id)}>
            {t('actions.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What a character writes next, or anew. */
function ReplyItems({ message, isLast, handlers }: Omit<MessageActionsProps, 'receiptShown' | 'press'>) {
  const { t } = useTranslation('talk');
  if (message.author.kind === 'character') {
    return (
      <>
        <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => handlers.regenerate(message.id)}>
          {t('actions.regenerate')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconChevronRight size={16} aria-hidden />}
          onClick={() => handlers.continueReply(message.id)}
        >
          {t('actions.continue')}
        </Menu.Item>
      </>
    );
  }
  if (!isLast) return null;
  return (
    <Menu.Item leftSection={<IconInfoCircle size={16} aria-hidden />} onClick={() => handlers.answer(message.id)}>
      {t('actions.answer')}
    </Menu.Item>
  );
}

/** Help with what the person says next. */
function WritingItems({ handlers }: Pick<MessageActionsProps, 'handlers'>) {
  const { t } = useTranslation('compose');
  return (
    <>
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={handlers.impersonate}>
        {t('impersonate.item')}
      </Menu.Item>
      <Menu.Item leftSection={<IconSparkles size={16} aria-hidden />} onClick={handlers.suggest}>
        {t('suggest.item')}
      </Menu.Item>
    </>
  );
}

/** Out of memory, though not out of the conversation. */
function ForgetItems({ message, handlers }: Pick<MessageActionsProps, 'message' | 'handlers'>) {
  const { t } = useTranslation('memory');
  return (
    <>
      <Menu.Item leftSection={<IconEraser size={16} aria-hidden />} onClick={() => handlers.forget(message, false)}>
        {t('talk.forget')}
      </Menu.Item>
      <Menu.Item leftSection={<IconBan size={16} aria-hidden />} onClick={() => handlers.forget(message, true)}>
        {t('forget.never')}
      </Menu.Item>
    </>
  );
}

/** What only whoever owns the conversation may do. */
function HostItems({ message, handlers }: Pick<MessageActionsProps, 'message' | 'handlers'>) {
  const { t } = useTranslation('talk');
  return (
    <>
      <Menu.Item
        leftSection={message.hidden ? <IconEye size={16} aria-hidden /> : <IconEyeOff size={16} aria-hidden />}
        onClick={() => handlers.setHidden(message.id, !message.hidden)}
      >
        {message.hidden ? t('actions.show') : t('actions.hide')}
      </Menu.Item>
      <BranchItems message={message} handlers={handlers} />
      <ForgetItems message={message} handlers={handlers} />
    </>
  );
}
