import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import { IconColumns, IconFlag, IconFork, IconGitBranch, IconSelect } from '../../../ui/icons.ts';
import type { MessageHandlers } from '../message-handlers.ts';

/** Where the story can go from a message besides onwards. */
export function BranchItems({ message, handlers }: { message: Message; handlers: MessageHandlers }) {
  const { t } = useTranslation('tree');
  const { id, siblings } = message;
  return (
    <>
      {siblings.length > 1 && (
        <Menu.Item leftSection={<IconColumns size={16} aria-hidden />} onClick={() => handlers.showVersions(id)}>
          {t('actions.versions')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconGitBranch size={16} aria-hidden />} onClick={() => handlers.branchHere(id)}>
        {t('actions.branch')}
      </Menu.Item>
      <Menu.Item leftSection={<IconFlag size={16} aria-hidden />} onClick={() => handlers.keepCheckpoint(id)}>
        {t('actions.checkpoint')}
      </Menu.Item>
      <Menu.Item leftSection={<IconFork size={16} aria-hidden />} onClick={() => handlers.branchOff(id)}>
        {t('actions.branchOff')}
      </Menu.Item>
      <Menu.Item leftSection={<IconSelect size={16} aria-hidden />} onClick={() => handlers.toggleSelected(id)}>
        {t('actions.select')}
      </Menu.Item>
    </>
  );
}
