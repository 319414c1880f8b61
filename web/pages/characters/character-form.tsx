import { Button, TextInput, Textarea } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '../../state/use-form-problem.ts';
import type { FormProblem } from '../../state/use-form-problem.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Stack } from '../../ui/stack.tsx';
import classes from './character-form.module.css';
import { PictureField } from './picture-field.tsx';

type TextField = 'name' | 'tagline' | 'description' | 'personality' | 'scenario' | 'greeting' | 'exampleDialogue';
/** Every field present: what the form shows is what is saved. */
export type CharacterValues = Record<TextField, string> & { picture: string | null };
type Values = CharacterValues;

export interface CharacterFormProps {
  title: string;
  note?: string;
  initial: Values;
  /** The picture the character has already; a null `picture` keeps it. */
  keptPictureUrl: string | null;
  submitLabel: string;
  /** Rejects with `ApiError`; its field is marked. */
  onSave: (values: Values) => Promise<void>;
}

export function CharacterForm({ title, note, initial, keptPictureUrl, submitLabel, onSave }: CharacterFormProps) {
  const { t } = useTranslation(['characters', 'common']);
  const router = useRouter();
  const [values, setValues] = useState(initial);
  const problem = useFormProblem(Object.keys(initial));
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    try {
      await onSave(values);
    } catch (error) {
      problem.set(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <PageHeader title={title} {...(note !== undefined && { lead: note })} />
      <PictureField
        picture={values.picture}
        keptUrl={keptPictureUrl}
        seed={values.name}
        onChange={(picture) => setValues({ ...values, picture })}
      />
      <Fields values={values} problem={problem} onChange={(field, value) => setValues({ ...values, [field]: value })} />
      {problem.general !== null && (
        <p className={classes['problem']} role="alert">
          {problem.general}
        </p>
      )}
      <ButtonRow>
        <Button variant="default" size="md" onClick={() => router.history.back()}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" size="md" loading={busy} disabled={values.name.trim() === ''}>
          {submitLabel}
        </Button>
      </ButtonRow>
    </form>
  );
}

interface FieldsProps {
  values: Values;
  problem: FormProblem;
  onChange: (field: TextField, value: string) => void;
}

function Fields({ values, problem, onChange }: FieldsProps) {
  const { t } = useTranslation('characters');
  const text = (field: TextField) => ({
    value: values[field],
    error: problem.of(field),
    onChange: (event: { currentTarget: { value: string } }) => onChange(field, event.currentTarget.value),
  });
  return (
    <Stack>
      <TextInput {...text('name')} label={t('form.name')} maxLength={100} required size="md" />
      <TextInput
        {...text('tagline')}
        label={t('form.tagline')}
        description={t('form.taglineHint')}
        maxLength={160}
        size="md"
      />
      <Textarea
        {...text('description')}
        label={t('form.description')}
        description={t('form.descriptionHint')}
        rows={6}
        size="md"
      />
      <Textarea
        {...text('personality')}
        label={t('form.personality')}
        description={t('form.personalityHint')}
        rows={2}
        size="md"
      />
      <Textarea
        {...text('greeting')}
        label={t('form.greeting')}
        description={t('form.greetingHint')}
        rows={4}
        size="md"
      />
      <details className={classes['more']}>
        <summary>{t('form.more')}</summary>
        <Stack>
          <Textarea
            {...text('scenario')}
            label={t('form.scenario')}
            description={t('form.scenarioHint')}
            rows={3}
            size="md"
          />
          <Textarea
            {...text('exampleDialogue')}
            label={t('form.exampleDialogue')}
            description={t('form.exampleDialogueHint')}
            rows={6}
            size="md"
          />
        </Stack>
      </details>
    </Stack>
  );
}
