import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IconLayoutGrid, IconMessageCircle, IconPencil, IconSlash, IconSparkles } from '../../../ui/icons.ts';
import composer from '../composer.module.css';

export interface WritingItemsProps {
  onImpersonate: () => void;
  onSuggest: () => void;
  /** Opens the list of commands. */
  onCommands: () => void;
  /** Opens the person's own buttons. */
  onQuickReplies: (() => void) | undefined;
}

/** A button of its own; on a phone its items stand in the menu of the files, where there is one. */
export function WritingButton(props: WritingItemsProps) {
  const { t } = useTranslation('compose');
  return (
    <Menu position="top-end" width={260}>
      <Menu.Target>
        <button type="button" className={composer['microphone']} aria-label={t('help')} title={t('help')}>
          <IconSparkles size={20} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <WritingItems {...props} />
      </Menu.Dropdown>
    </Menu>
  );
}

export function WritingItems({ onImpersonate, onSuggest, onCommands, onQuickReplies }: WritingItemsProps) {
  const { t } = useTranslation('compose');
  return (
    <>
      <Menu.Item leftSection={<IconPencil size={18} aria-hidden />} onClick={onImpersonate}>
        {t('impersonate.item')}
      </Menu.Item>
      <Menu.Item leftSection={<IconMessageCircle size={18} aria-hidden />} onClick={onSuggest}>
        {t('suggest.item')}
      </Menu.Item>
      <Menu.Item leftSection={<IconSlash size={18} aria-hidden />} onClick={onCommands}>
        {t('menu.commands')}
      </Menu.Item>
      {onQuickReplies !== undefined && (
        <Menu.Item leftSection={<IconLayoutGrid size={18} aria-hidden />} onClick={onQuickReplies}>
          {t('quick.title')}
        </Menu.Item>
      )}
    </>
  );
}
