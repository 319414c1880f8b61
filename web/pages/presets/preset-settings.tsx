import { NativeSelect, NumberInput, SegmentedControl, Switch, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PresetBody } from '../../../contract/prompts.ts';
import { Stack } from '../../ui/stack.tsx';
import classes from './presets.module.css';

export interface PresetSettingsProps {
  body: PresetBody;
  fixed: boolean;
  onChange: (change: Partial<PresetBody>) => void;
}

/** Order, budgets, sampling and the small texts of a preset. */
export function PresetSettings(props: PresetSettingsProps) {
  return (
    <>
      <OrderPanel {...props} />
      <BudgetPanel {...props} />
      <SamplingPanel {...props} />
      <WordsPanel {...props} />
      <TemplatePanel {...props} />
    </>
  );
}

function OrderPanel({ body, fixed, onChange }: PresetSettingsProps) {
  const { t } = useTranslation('presets');
  return (
    <section className={classes['panel']} aria-labelledby="order-title">
      <h2 id="order-title">{t('order.title')}</h2>
      <SegmentedControl
        aria-labelledby="order-title"
        fullWidth
        value={body.order}
        disabled={fixed}
        data={[
          { value: 'stable', label: t('orders.stable') },
          { value: 'classic', label: t('orders.classic') },
        ]}
        onChange={(order) => onChange({ order: order === 'classic' ? 'classic' : 'stable' })}
      />
      <p className={classes['lead']}>{t(`order.${body.order}`)}</p>
    </section>
  );
}

interface OptionalNumberProps {
  label: string;
  description?: string;
  value: number | null | undefined;
  fixed: boolean;
  min: number;
  max: number;
  step?: number;
  onChange: (value: number | undefined) => void;
}

/** Empty means that the model decides. */
function OptionalNumber({ fixed, value, step = 1, onChange, ...field }: OptionalNumberProps) {
  const { t } = useTranslation('presets');
  return (
    <NumberInput
      {...field}
      placeholder={t('ofModel')}
      disabled={fixed}
      hideControls
      step={step}
      allowDecimal={step < 1}
      clampBehavior="blur"
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
    />
  );
}

function BudgetPanel({ body, fixed, onChange }: PresetSettingsProps) {
  const { t } = useTranslation('presets');
  return (
    <section className={classes['panel']} aria-labelledby="budget-title">
      <h2 id="budget-title">{t('budget.title')}</h2>
      <div className={classes['place']}>
        <OptionalNumber
          label={t('budget.context')}
          description={t('budget.contextHint')}
          fixed={fixed}
          min={1}
          max={10_000_000}
          value={body.contextLength}
          onChange={(value) => onChange({ contextLength: value ?? null })}
        />
        <OptionalNumber
          label={t('budget.output')}
          description={t('budget.outputHint')}
          fixed={fixed}
          min={1}
          max={100_000}
          value={body.maxOutputTokens}
          onChange={(value) => onChange({ maxOutputTokens: value ?? null })}
        />
      </div>
      <Switch
        label={t('budget.pinExamples')}
        description={t('budget.pinExamplesHint')}
        checked={body.pinExamples}
        disabled={fixed}
        onChange={(event) => onChange({ pinExamples: event.currentTarget.checked })}
      />
    </section>
  );
}

const SAMPLERS = [
  { name: 'temperature', min: 0, max: 5, step: 0.05 },
  { name: 'topP', min: 0, max: 1, step: 0.01 },
  { name: 'topK', min: 0, max: 100_000, step: 1 },
  { name: 'minP', min: 0, max: 1, step: 0.01 },
  { name: 'repeatPenalty', min: 0, max: 5, step: 0.01 },
  { name: 'frequencyPenalty', min: -2, max: 2, step: 0.05 },
  { name: 'presencePenalty', min: -2, max: 2, step: 0.05 },
  { name: 'seed', min: 0, max: 4_294_967_295, step: 1 },
] as const;

function SamplingPanel({ body, fixed, onChange }: PresetSettingsProps) {
  const { t } = useTranslation('presets');
  const set = (name: (typeof SAMPLERS)[number]['name'], value: number | undefined) => {
    const { [name]: _before, ...rest } = body.sampling;
    onChange({ sampling: value === undefined ? rest : { ...rest, [name]: value } });
  };
  return (
    <section className={classes['panel']} aria-labelledby="sampling-title">
      <h2 id="sampling-title">{t('sampling.title')}</h2>
      <p className={classes['lead']}>{t('sampling.lead')}</p>
      <div className={classes['place']}>
        {SAMPLERS.map(({ name, ...bounds }) => (
          <OptionalNumber
            key={name}
            {...bounds}
            label={t(`sampling.${name}`)}
            fixed={fixed}
            value={body.sampling[name]}
            onChange={(value) => set(name, value)}
          />
        ))}
      </div>
    </section>
  );
}

function WordsPanel({ body, fixed, onChange }: PresetSettingsProps) {
  const { t } = useTranslation('presets');
  const nudges = ['newChat', 'newExampleChat', 'continueNudge'] as const;
  return (
    <section className={classes['panel']} aria-labelledby="words-title">
      <h2 id="words-title">{t('words.title')}</h2>
      <Stack>
        {nudges.map((name) => (
          <Textarea
            key={name}
            label={t(`words.${name}`)}
            placeholder={t('words.ofHouse')}
            rows={2}
            maxLength={100_000}
            readOnly={fixed}
            value={body[name] ?? ''}
            onChange={(event) => onChange({ [name]: event.currentTarget.value || null })}
          />
        ))}
        <NativeSelect
          label={t('words.names')}
          value={body.names}
          disabled={fixed}
          data={[
            { value: 'none', label: t('words.namesNone') },
            { value: 'content', label: t('words.namesContent') },
          ]}
          onChange={(event) => onChange({ names: event.currentTarget.value === 'content' ? 'content' : 'none' })}
        />
        <Switch
          label={t('words.sendReasoning')}
          description={t('words.sendReasoningHint')}
          checked={body.sendReasoning}
          disabled={fixed}
          onChange={(event) => onChange({ sendReasoning: event.currentTarget.checked })}
        />
      </Stack>
    </section>
  );
}

/** Templates come by import; here they can be seen and let go. */
function TemplatePanel({ body, fixed, onChange }: PresetSettingsProps) {
  const { t } = useTranslation('presets');
  const { instruct } = body;
  return (
    <section className={classes['panel']} aria-labelledby="instruct-title">
      <h2 id="instruct-title">{t('instruct.title')}</h2>
      <p className={classes['lead']}>{instruct === null ? t('instruct.none') : t('instruct.lead')}</p>
      {instruct !== null && (
        <>
          <pre className={classes['sample']}>
            {[
              `${instruct.story_string_prefix || instruct.system_sequence}…${instruct.story_string_suffix || instruct.system_suffix}`,
              `${instruct.input_sequence}…${instruct.input_suffix}`,
              `${instruct.output_sequence}…${instruct.output_suffix}`,
            ].join('\n')}
          </pre>
          {!fixed && (
            <Switch
              label={t('instruct.use', { name: instruct.name || t('instruct.plain') })}
              checked
              onChange={() => onChange({ instruct: null })}
            />
          )}
        </>
      )}
    </section>
  );
}
