import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../developers.module.css';
import type { ToolCall, Turn } from './playground-types.ts';

export interface ToolResultsProps {
  calls: readonly ToolCall[];
  onResults: (results: readonly Turn[]) => void;
}

/** Whoever tries a tool plays it: what each call gives is written by hand. */
export function ToolResults({ calls, onResults }: ToolResultsProps) {
  const { t } = useTranslation('developers');
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        onResults(calls.map(({ id }) => ({ role: 'tool', callId: id, text: texts[id] ?? '' })));
      }}
    >
      {calls.map(({ id, name }) => (
        <Textarea
          key={id}
          label={t('playground.resultOf', { name })}
          placeholder='{"ok": true}'
          value={texts[id] ?? ''}
          autosize
          minRows={2}
          maxRows={8}
          onChange={(event) => setTexts({ ...texts, [id]: event.currentTarget.value })}
        />
      ))}
      <div>
        <Button type="submit">{t('playground.sendResults')}</Button>
      </div>
    </form>
  );
}
