import { Button, NumberInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../../ui/panel.tsx';
import { exampleOf } from '../code/example-tasks.ts';
import classes from '../developers.module.css';
import type { SettingsProblem } from './build-request.ts';
import own from './playground.module.css';
import type { PlaygroundSettings } from './playground-types.ts';

export interface PlaygroundSetupProps {
  settings: PlaygroundSettings;
  problem: SettingsProblem | null;
  onChange: (some: Partial<PlaygroundSettings>) => void;
}

/** What every answer is made under. */
export function PlaygroundSetup({ settings, problem, onChange }: PlaygroundSetupProps) {
  const { t } = useTranslation('developers');
  return (
    <Panel>
      <Textarea
        label={t('playground.system')}
        placeholder={t('playground.systemPlaceholder')}
        value={settings.system}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => onChange({ system: event.currentTarget.value })}
      />
      <details className={own['setup']}>
        <summary>{t('playground.parameters')}</summary>
        <ParameterFields settings={settings} onChange={onChange} />
      </details>
      <details className={own['setup']} open={settings.tools !== '' || undefined}>
        <summary>{t('playground.tools')}</summary>
        <JsonField
          label={t('playground.toolsLabel')}
          value={settings.tools}
          error={problem === 'tools' ? t('playground.toolsProblem') : null}
          example={() => exampleText('tools')}
          onChange={(tools) => onChange({ tools })}
        />
      </details>
      <details className={own['setup']} open={settings.schema !== '' || undefined}>
        <summary>{t('playground.schema')}</summary>
        <JsonField
          label={t('playground.schemaLabel')}
          value={settings.schema}
          error={problem === 'schema' ? t('playground.schemaProblem') : null}
          example={() => exampleText('schema')}
          onChange={(schema) => onChange({ schema })}
        />
      </details>
    </Panel>
  );
}

function ParameterFields({ settings, onChange }: Omit<PlaygroundSetupProps, 'problem'>) {
  const { t } = useTranslation('developers');
  const orNull = (value: string | number) => (typeof value === 'number' ? value : null);
  const shared = { hideControls: true, placeholder: t('playground.usual') };
  return (
    <div className={classes['fields']}>
      <NumberInput
        {...shared}
        label={t('playground.temperature')}
        min={0}
        max={2}
        decimalScale={2}
        value={settings.temperature ?? ''}
        onChange={(value) => onChange({ temperature: orNull(value) })}
      />
      <NumberInput
        {...shared}
        label={t('playground.topP')}
        min={0}
        max={1}
        decimalScale={2}
        value={settings.topP ?? ''}
        onChange={(value) => onChange({ topP: orNull(value) })}
      />
      <NumberInput
        {...shared}
        label={t('playground.maxTokens')}
        min={1}
        allowDecimal={false}
        value={settings.maxTokens ?? ''}
        onChange={(value) => onChange({ maxTokens: orNull(value) })}
      />
      <NumberInput
        {...shared}
        label={t('playground.seed')}
        allowDecimal={false}
        value={settings.seed ?? ''}
        onChange={(value) => onChange({ seed: orNull(value) })}
      />
      <Textarea
        label={t('playground.stopWords')}
        value={settings.stop}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => onChange({ stop: event.currentTarget.value })}
      />
    </div>
  );
}

interface JsonFieldProps {
  label: string;
  value: string;
  error: string | null;
  example: () => string;
  onChange: (value: string) => void;
}

function JsonField({ label, value, error, example, onChange }: JsonFieldProps) {
  const { t } = useTranslation('developers');
  return (
    <div className={classes['form']}>
      <Textarea
        className={own['mono'] ?? ''}
        label={label}
        value={value}
        error={error}
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div>
        <Button
          variant="subtle"
          aria-label={`${t('playground.example')}: ${label}`}
          onClick={() => onChange(example())}
        >
          {t('playground.example')}
        </Button>
      </div>
    </div>
  );
}

/** As in the quick start. */
function exampleText(task: 'tools' | 'schema'): string {
  const { body } = exampleOf(task, { model: '', character: '' });
  if (task === 'tools') return JSON.stringify(body['tools'], null, 2);
  const format = body['response_format'] as { json_schema: { schema: unknown } };
  return JSON.stringify(format.json_schema.schema, null, 2);
}
