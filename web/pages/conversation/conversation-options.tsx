import { Button, Modal, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { samplingPresetSchema } from '../../../contract/conversations.ts';
import type { Conversation, UpdateConversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { modelChoicesQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';
import { AttachedBooks } from '../books/attached-books.tsx';
import { PresetChoice } from '../presets/preset-choice.tsx';

/** Model, prompt and books of one conversation. */
export function ConversationOptions({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation(['talk', 'common', 'books']);
  const errorText = useErrorText();
  const { data: choices = [] } = useQuery(modelChoicesQuery);
  const [problem, setProblem] = useState<string | null>(null);

  async function save(body: UpdateConversation): Promise<void> {
    try {
      await api.call('updateConversation', { params: { id: conversation.id }, body });
      setProblem(null);
    } catch (error) {
      setProblem(errorText(error));
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('talk:header.options')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <Stack>
        <NativeSelect
          label={t('talk:header.model')}
          value={conversation.model ?? ''}
          error={problem}
          data={[
            { value: '', label: t('talk:header.modelDefault') },
            ...choices.map(({ ref, label }) => ({ value: ref, label })),
          ]}
          onChange={(event) =>
            void save({ model: event.currentTarget.value === '' ? null : event.currentTarget.value })
          }
        />
        <NativeSelect
          label={t('talk:header.preset')}
          value={conversation.preset}
          data={samplingPresetSchema.options.map((value) => ({ value, label: t(`talk:header.presets.${value}`) }))}
          onChange={(event) => void save({ preset: samplingPresetSchema.parse(event.currentTarget.value) })}
        />
        <PresetChoice
          value={conversation.promptPresetId}
          onChange={(promptPresetId) => void save({ promptPresetId })}
        />
        <section>
          <h3>{t('books:attached.conversation')}</h3>
          <AttachedBooks target={{ kind: 'conversation', id: conversation.id }} />
        </section>
      </Stack>
      <ButtonRow>
        <Button onClick={onClose}>{t('common:done')}</Button>
      </ButtonRow>
    </Modal>
  );
}
