import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../state/format.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { callV1 } from '../call-v1.ts';
import type { V1Example } from '../code/v1-example.ts';
import classes from '../developers.module.css';
import { CodePanel } from '../code-panel.tsx';

interface Answer {
  status: number;
  tookInMs: number;
  /** Text as it came, or the address of a sound. */
  text: string;
  soundUrl: string | null;
}

/** Sends what the code above would send, and shows what comes back. */
export function TestRequest({ example, apiKey }: { example: V1Example; apiKey: string | undefined }) {
  const { t } = useTranslation('developers');
  const { state, send, stop } = useTestRequest(example, apiKey);
  const busy = state.kind === 'asking';
  return (
    <div className={classes['form']}>
      <div className={classes['bar']}>
        <Button onClick={busy ? stop : send}>{busy ? t('start.stop') : t('start.send')}</Button>
        <p className={classes['soft']}>{apiKey === undefined ? t('start.asSession') : t('start.asKey')}</p>
      </div>
      <div role="status">
        {state.kind === 'failed' && <p className={classes['fault']}>{state.text}</p>}
        {state.kind === 'answered' && (
          <p className={classes['soft']}>
            {t('start.answered', { status: state.answer.status, time: formatNumber(state.answer.tookInMs) })}
          </p>
        )}
      </div>
      {state.kind === 'asking' && state.text !== '' && <CodePanel name={t('start.answer')} code={state.text} />}
      {state.kind === 'answered' && state.answer.soundUrl === null && (
        <CodePanel name={t('start.answer')} code={state.answer.text} />
      )}
      {state.kind === 'answered' && state.answer.soundUrl !== null && (
        // What it says stands in the request above.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <audio controls src={state.answer.soundUrl} aria-label={t('start.answer')} />
      )}
    </div>
  );
}

type State =
  | { kind: 'idle' }
  | { kind: 'asking'; text: string }
  | { kind: 'failed'; text: string }
  | { kind: 'answered'; answer: Answer };

function useTestRequest({ path, body }: V1Example, apiKey: string | undefined) {
  const errorText = useErrorText();
  const [state, setState] = useState<State>({ kind: 'idle' });
  const asking = useRef<AbortController | null>(null);
  const request = JSON.stringify(body);
  // An answer belongs to its request.
  useEffect(() => {
    setState({ kind: 'idle' });
    return () => asking.current?.abort();
  }, [path, request]);

  async function send(): Promise<void> {
    asking.current?.abort();
    const { signal } = (asking.current = new AbortController());
    const began = performance.now();
    setState({ kind: 'asking', text: '' });
    try {
      const response = await callV1({ path, body, key: apiKey, signal });
      const answer = await readAnswer(response, (text) => setState({ kind: 'asking', text }));
      if (signal.aborted) return;
      setState({ kind: 'answered', answer: { ...answer, tookInMs: Math.round(performance.now() - began) } });
    } catch (error) {
      if (!signal.aborted) setState({ kind: 'failed', text: errorText(error) });
    }
  }
  return {
    state,
    send: () => void send(),
    stop: () => {
      asking.current?.abort();
      setState({ kind: 'idle' });
    },
  };
}

async function readAnswer(response: Response, onText: (text: string) => void): Promise<Omit<Answer, 'tookInMs'>> {
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('audio/')) {
    return { status, text: '', soundUrl: URL.createObjectURL(await response.blob()) };
  }
  if (type.startsWith('application/json')) {
    return { status, text: JSON.stringify(await response.json(), null, 2), soundUrl: null };
  }
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    if (done || value === undefined) return { status, text, soundUrl: null };
    text += value;
    onText(text);
  }
}
