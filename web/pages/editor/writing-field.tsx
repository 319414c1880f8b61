import { Textarea, TextInput } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftField } from '../../../contract/drafting.ts';
import { formatNumber } from '../../state/format.ts';
import { useForm } from './editor-form-context.ts';
import type { TextKey } from './editor-values.ts';
import { RewriteButton } from './rewrite-button.tsx';
import classes from './editor.module.css';

export interface WritingFieldProps {
  field: TextKey;
  label: string;
  hint?: string;
  rows?: number;
  maxLength?: number;
  required?: boolean;
  /** The draft that writes it, where a model can. */
  draft?: DraftField;
  children?: ReactNode;
}

/** One text of the card: its name, what it is for, what it costs, and the model's help. */
export function WritingField({
  field,
  label,
  hint,
  rows = 1,
  maxLength,
  required = false,
  draft,
  children,
}: WritingFieldProps) {
  const { editor, problem } = useForm();
  const id = useId();
  const input = {
    id,
    value: editor.values[field],
    error: problem.of(field),
    required,
    size: 'md',
    ...(hint !== undefined && { 'aria-describedby': `${id}-hint` }),
    ...(maxLength !== undefined && { maxLength }),
    onChange: (event: { currentTarget: { value: string } }) => editor.set(field, event.currentTarget.value),
  };
  return (
    <div className={classes['field']}>
      <FieldHead id={id} label={label} text={editor.values[field]} counted={rows > 1} required={required}>
        {draft !== undefined && <RewriteButton draft={draft} label={label} />}
      </FieldHead>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={classes['hint']}>
          {hint}
        </p>
      )}
      {rows === 1 ? <TextInput {...input} /> : <Textarea {...input} autosize minRows={rows} maxRows={22} />}
      {children}
    </div>
  );
}

export interface FieldHeadProps {
  id: string;
  label: string;
  text: string;
  /** True where the text's tokens are shown. */
  counted: boolean;
  required?: boolean;
  children?: ReactNode;
}

export function FieldHead({ id, label, text, counted, required = false, children }: FieldHeadProps) {
  const { t } = useTranslation('editor');
  const { tokens } = useForm();
  const count = counted ? tokens.of(text) : null;
  return (
    <div className={classes['fieldHead']}>
      <label htmlFor={id}>
        {label}
        {required && (
          <span className={classes['required']} aria-hidden>
            *
          </span>
        )}
      </label>
      {count !== null && count > 0 && (
        <span className={classes['tokens']}>{t('tokens.count', { count, formatted: formatNumber(count) })}</span>
      )}
      {children}
    </div>
  );
}
