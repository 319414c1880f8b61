import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import { conversationMemorySchema, type ConversationMemory } from '../../../../contract/memory.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { RadioChoices } from '../../../ui/radio-choices.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';

export interface ConversationMemoryDialogProps {
  conversation: Conversation;
  onClose: () => void;
}

/** Whether one conversation is remembered, and the way to all that its character remembers. */
export function ConversationMemoryDialog({ conversation, onClose }: ConversationMemoryDialogProps) {
  const { t } = useTranslation(['memory', 'common']);
  const guard = useGuard();
  const [mode, setMode] = useState(conversation.memory);
  const { id: characterId, name } = conversation.character;

  async function choose(memory: ConversationMemory): Promise<void> {
    setMode(memory);
    const body = { memory };
    const saved = await guard(api.call('updateConversation', { params: { id: conversation.id }, body }));
    if (saved === undefined) setMode(conversation.memory);
  }

  return (
    <Sheet title={t('memory:talk.title')} onClose={onClose}>
      <Stack>
        <RadioChoices
          label={t('memory:talk.mode')}
          value={mode}
          choices={conversationMemorySchema.options.map((value) => ({
            value,
            label: t(`memory:talk.modes.${value}`),
            hint: t(`memory:talk.hint.${value}`, { name }),
          }))}
          onChange={(value) => void choose(value)}
        />
        <p>
          <Link to="/characters/$characterId/memory" params={{ characterId }}>
            {t('memory:titleOf', { name })}
          </Link>
        </p>
      </Stack>
      <ButtonRow>
        <Button onClick={onClose}>{t('common:done')}</Button>
      </ButtonRow>
    </Sheet>
  );
}
