import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { messageText } from '../../../../client/message-text.ts';
import type { Message } from '../../../../contract/messages.ts';
import { IconLanguage } from '../../../ui/icons.ts';
import { chooseLanguage } from './choose-language.ts';
import { useTranslationStore } from './translations-of.tsx';

/** Translates a message at once; the language can be changed where it appears. */
export function TranslateItem({ message }: { message: Message }) {
  const { t, i18n } = useTranslation('files');
  const store = useTranslationStore();
  const text = messageText(message);
  if (store === null || text.trim() === '') return null;
  return (
    <Menu.Item
      leftSection={<IconLanguage size={16} aria-hidden />}
      onClick={() => void store.translate(message.id, chooseLanguage(text, i18n.language))}
    >
      {t('translation.start')}
    </Menu.Item>
  );
}
