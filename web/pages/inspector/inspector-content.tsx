import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../client/api-error.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ComparePrompts } from './compare-prompts-view.tsx';
import classes from './inspector.module.css';
import { promptQuery } from './prompt-query.ts';
import { PromptView } from './prompt-view.tsx';

/** A reply that can be compared with. */
export interface ReplyChoice {
  id: string;
  label: string;
}

export interface InspectorContentProps {
  messageId: string;
  replies: readonly ReplyChoice[];
}

export function InspectorContent({ messageId, replies }: InspectorContentProps) {
  const { t } = useTranslation('inspector');
  const [otherId, setOtherId] = useState('');
  const others = replies.filter(({ id }) => id !== messageId);
  return (
    <>
      {others.length > 0 && (
        <NativeSelect
          className={classes['other']}
          label={t('compareWith')}
          value={otherId}
          data={[{ value: '', label: t('compareNone') }, ...others.map(({ id, label }) => ({ value: id, label }))]}
          onChange={(event) => setOtherId(event.currentTarget.value)}
        />
      )}
      {otherId === '' ? <OnePrompt messageId={messageId} /> : <TwoPrompts {...{ messageId, otherId }} />}
    </>
  );
}

function OnePrompt({ messageId }: { messageId: string }) {
  const query = useQuery(promptQuery(messageId));
  if (query.data !== undefined) return <PromptView record={query.data} />;
  return <Waiting error={query.error} />;
}

/** The other one stands left: it is what this one is compared with. */
function TwoPrompts({ messageId, otherId }: { messageId: string; otherId: string }) {
  const [right, left] = [useQuery(promptQuery(messageId)), useQuery(promptQuery(otherId))];
  if (left.data !== undefined && right.data !== undefined) {
    return <ComparePrompts left={left.data} right={right.data} />;
  }
  return <Waiting error={left.error ?? right.error} />;
}

function Waiting({ error }: { error: Error | null }) {
  const { t } = useTranslation('inspector');
  const errorText = useErrorText();
  if (error !== null) {
    return (
      <p className={classes['hint']} role="alert">
        {error instanceof ApiError && error.code === 'prompt-elsewhere' ? t('elsewhere') : errorText(error)}
      </p>
    );
  }
  return (
    <p className={classes['hint']} role="status" aria-busy>
      {t('loading')}
    </p>
  );
}
