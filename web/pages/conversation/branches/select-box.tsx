import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import type { MessageHandlers } from '../message-handlers.ts';

/** Takes a message in or out of the selection. */
export function SelectBox({
  message,
  selected,
  handlers,
}: {
  message: Message;
  selected: boolean;
  handlers: MessageHandlers;
}) {
  const { t } = useTranslation('tree');
  return (
    <Checkbox
      checked={selected}
      label={t('selection.toggle')}
      mb={6}
      onChange={() => handlers.toggleSelected(message.id)}
    />
  );
}
