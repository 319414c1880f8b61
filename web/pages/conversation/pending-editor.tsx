import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './message-row.module.css';

export interface PendingEditorProps {
  text: string;
  onSend: (text: string) => void;
  onCancel: () => void;
}

/** Changes the words of a message that was refused, so that it may be taken. */
export function PendingEditor({ text, onSend, onCancel }: PendingEditorProps) {
  const { t } = useTranslation(['talk', 'common']);
  const [words, setWords] = useState(text);
  return (
    <article className={classes['row']} data-mine aria-label={t('talk:you')}>
      <Textarea
        autosize
        data-autofocus
        minRows={2}
        maxRows={12}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        aria-label={t('talk:changeUnsent')}
        w="100%"
      />
      <div className={classes['sendState']}>
        <Button size="compact-sm" disabled={words.trim() === ''} onClick={() => onSend(words)}>
          {t('talk:sendNow')}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={onCancel}>
          {t('common:cancel')}
        </Button>
      </div>
    </article>
  );
}
