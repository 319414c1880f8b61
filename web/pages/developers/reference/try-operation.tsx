import { Button, PasswordInput, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseJson } from '../../../../client/api-error.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { CodePanel } from '../code-panel.tsx';
import classes from '../developers.module.css';
import { useFreshKeys } from '../fresh-keys.ts';
import { exampleValue } from './open-api.ts';
import type { Operation, Reference } from './open-api.ts';

export interface TryOperationProps {
  operation: Operation;
  schemas: Reference['schemas'];
}

/** Sends an operation with what is filled in, and shows the answer whatever its status. */
export function TryOperation({ operation, schemas }: TryOperationProps) {
  const { t } = useTranslation('developers');
  const { method, path, parameters, body } = operation;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [text, setText] = useState(() =>
    body === undefined ? '' : JSON.stringify(exampleValue(body, schemas), null, 2),
  );
  const { answer, busy, send } = useTry();
  const fresh = Object.values(useFreshKeys()).at(-1);
  const [key, setKey] = useState(fresh ?? '');
  const isBroken = body !== undefined && parseJson(text) === undefined;
  const missing = parameters.some(({ name, in: place }) => place === 'path' && (values[name] ?? '') === '');
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        const address = fillAddress(path, parameters, values);
        void send({ method, address, key: key.trim(), body: body === undefined ? undefined : text });
      }}
    >
      <h3>{t('reference.try')}</h3>
      <p className={classes['soft']}>{t('reference.tryHint')}</p>
      <PasswordInput
        label={t('reference.key')}
        description={t('reference.keyHint')}
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <ParameterFields parameters={parameters} values={values} onChange={setValues} />
      {body !== undefined && (
        <Textarea
          label={t('reference.bodyLabel')}
          value={text}
          error={isBroken ? t('reference.bodyProblem') : null}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <div>
        <Button type="submit" loading={busy} disabled={isBroken || missing}>
          {t('reference.send')}
        </Button>
      </div>
      {answer?.status === null && (
        <p role="alert" className={classes['fault']}>
          {answer.text}
        </p>
      )}
      {typeof answer?.status === 'number' && (
        <CodePanel name={t('reference.status', { status: answer.status })} code={answer.text} />
      )}
    </form>
  );
}

interface Try {
  method: string;
  /** With `/v1` and what the parameters say. */
  address: string;
  /** Empty = the session of this browser speaks. */
  key: string;
  body: string | undefined;
}

/** What came back; `status` is null where nothing did. */
function useTry() {
  const errorText = useErrorText();
  const [answer, setAnswer] = useState<{ status: number | null; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  async function send({ method, address, key, body }: Try): Promise<void> {
    setBusy(true);
    try {
      const response = await fetch(address, {
        method,
        credentials: key === '' ? 'same-origin' : 'omit',
        headers: {
          ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
      setAnswer({ status: response.status, text: await readWords(response) });
    } catch (error) {
      setAnswer({ status: null, text: errorText(error) });
    } finally {
      setBusy(false);
    }
  }
  return { answer, busy, send };
}

interface ParameterFieldsProps {
  parameters: Operation['parameters'];
  values: Readonly<Record<string, string>>;
  onChange: (values: Readonly<Record<string, string>>) => void;
}

function ParameterFields({ parameters, values, onChange }: ParameterFieldsProps) {
  return (
    <div className={classes['fields']}>
      {parameters.map(({ name, required }) => (
        <TextInput
          key={name}
          label={name}
          required={required === true}
          value={values[name] ?? ''}
          onChange={(event) => onChange({ ...values, [name]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

function fillAddress(
  path: string,
  parameters: Operation['parameters'],
  values: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams();
  for (const { name, in: place } of parameters) {
    const value = values[name] ?? '';
    if (place === 'query' && value !== '') query.set(name, value);
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

async function readWords(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (!/json|text/.test(type)) return `${type}, ${(await response.blob()).size} bytes`;
  const text = await response.text();
  const value = parseJson(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}
