import { Button, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { freshenLists, refreshLists } from './change-lists.ts';
import { ButtonRow } from '../../ui/button-row.tsx';

export function RenameDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation(['list', 'common']);
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [title, setTitle] = useState(conversation.title);
  const [problem, setProblem] = useState<string | null>(null);

  async function save(): Promise<void> {
    try {
      const renamed = await api.call('updateConversation', { params: { id: conversation.id }, body: { title } });
      freshenLists(queryClient, renamed);
      await refreshLists(queryClient);
      onClose();
    } catch (error) {
      setProblem(errorText(error));
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('list:renameTitle')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          data-autofocus
          label={t('list:renameLabel')}
          value={title}
          maxLength={200}
          error={problem}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={title.trim() === ''}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Modal>
  );
}
