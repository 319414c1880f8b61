import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../state/api.ts';
import { showToast } from '../../../state/toasts.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { RULE_LENGTH } from '../../memory/memory-rules.tsx';
import { useMemoryChange } from '../../memory/use-memory-change.ts';

interface ForgetMessageProps {
  messageId: string;
  onClose: () => void;
}

/** Takes a message out of memory; it stays where it was said. */
export function ForgetMessageDialog({ messageId, onClose }: ForgetMessageProps) {
  const { t } = useTranslation('memory');
  const change = useMemoryChange();
  return (
    <ConfirmDialog
      title={t('talk.forgetTitle')}
      body={t('talk.forgetBody')}
      confirmLabel={t('fact.forget')}
      onClose={onClose}
      onConfirm={async () => {
        const done = await change(api.call('forgetMessage', { params: { id: messageId } }));
        if (done !== undefined) showToast({ text: t('talk.forgotten') });
      }}
    />
  );
}

interface NeverRememberProps extends ForgetMessageProps {
  characterId: string;
  name: string;
  /** What was said; where it is short it is what is proposed. */
  text: string;
}

/** Makes a rule of words, and takes the message they stand in out of memory. */
export function NeverRememberDialog({ messageId, characterId, name, text, onClose }: NeverRememberProps) {
  const { t } = useTranslation('memory');
  const change = useMemoryChange();
  const said = text.trim().replace(/\s+/g, ' ');
  const [words, setWords] = useState(said.length <= RULE_LENGTH ? said : '');
  const [everyCharacter, setEveryCharacter] = useState(false);

  async function save(): Promise<void> {
    const body = { kind: 'words', words: words.trim(), everyCharacter } as const;
    const rule = await change(api.call('addMemoryRule', { params: { id: characterId }, body }));
    if (rule === undefined) return;
    const done = await change(api.call('forgetMessage', { params: { id: messageId } }));
    if (done !== undefined) showToast({ text: t('talk.neverDone', { name }) });
  }

  return (
    <ConfirmDialog
      title={t('talk.neverTitle')}
      body={
        <Stack>
          <p>{t('talk.neverBody', { name })}</p>
          <TextInput
            label={t('rules.words')}
            description={t('rules.wordsHint')}
            value={words}
            maxLength={RULE_LENGTH}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Checkbox
            size="md"
            label={t('rules.forEvery')}
            checked={everyCharacter}
            onChange={(event) => setEveryCharacter(event.currentTarget.checked)}
          />
        </Stack>
      }
      confirmLabel={t('talk.neverConfirm')}
      disabled={words.trim() === ''}
      onClose={onClose}
      onConfirm={save}
    />
  );
}
