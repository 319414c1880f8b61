import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { DepthPrompt } from '../../../contract/character-fields.ts';
import { useForm } from './editor-form-context.ts';
import { FieldHead, WritingField } from './writing-field.tsx';
import classes from './editor.module.css';

const NO_PROMPT: DepthPrompt = { text: '', depth: 4, role: 'system' };
/** The macro that stands for what the card replaces. */
const ORIGINAL = { macro: '{{original}}' };
const ROLES = ['system', 'user', 'assistant'] as const;

/** What goes to the model beside who the character is. */
export function InstructionFields() {
  const { t } = useTranslation('editor');
  return (
    <>
      <WritingField
        field="systemPrompt"
        label={t('field.systemPrompt')}
        hint={t('hint.systemPrompt', ORIGINAL)}
        rows={3}
      />
      <WritingField
        field="postHistoryInstructions"
        label={t('field.postHistoryInstructions')}
        hint={t('hint.postHistoryInstructions', ORIGINAL)}
        rows={3}
      />
      <DepthPromptField />
    </>
  );
}

function DepthPromptField() {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const id = useId();
  const prompt = editor.values.depthPrompt ?? NO_PROMPT;
  const set = (some: Partial<DepthPrompt>) => {
    const next = { ...prompt, ...some };
    editor.set('depthPrompt', next.text === '' && editor.initial.depthPrompt === null ? null : next);
  };
  return (
    <div className={classes['field']}>
      <FieldHead id={id} label={t('field.depthPrompt')} text={prompt.text} counted />
      <p id={`${id}-hint`} className={classes['hint']}>
        {t('hint.depthPrompt')}
      </p>
      <Textarea
        id={id}
        aria-describedby={`${id}-hint`}
        value={prompt.text}
        size="md"
        autosize
        minRows={2}
        maxRows={12}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
      <div className={classes['pair']}>
        <TextInput
          type="number"
          label={t('field.depth')}
          min={0}
          max={1000}
          value={String(prompt.depth)}
          disabled={prompt.text === ''}
          onChange={(event) => {
            const depth = Number.parseInt(event.currentTarget.value, 10);
            set({ depth: Number.isNaN(depth) ? 0 : Math.min(Math.max(depth, 0), 1000) });
          }}
        />
        <NativeSelect
          label={t('field.role')}
          value={prompt.role}
          disabled={prompt.text === ''}
          data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          onChange={(event) => {
            const role = ROLES.find((one) => one === event.currentTarget.value);
            if (role !== undefined) set({ role });
          }}
        />
      </div>
    </div>
  );
}
