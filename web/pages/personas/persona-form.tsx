import { Button, Switch, TextInput, Textarea } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavePersona } from '../../../contract/personas.ts';
import { useFormProblem } from '../../state/use-form-problem.ts';
import type { FormProblem } from '../../state/use-form-problem.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Stack } from '../../ui/stack.tsx';
import { PersonaPicture } from './persona-picture.tsx';
import { PersonaPlace } from './persona-place.tsx';
import classes from './personas.module.css';

/** Every field present: what the form shows is what is saved. */
export type PersonaValues = { [Key in keyof SavePersona]-?: Exclude<SavePersona[Key], undefined> };

export interface PersonaFormProps {
  title: string;
  initial: PersonaValues;
  /** The picture the persona has already; a null `picture` keeps it. */
  keptPictureUrl: string | null;
  submitLabel: string;
  /** Rejects with `ApiError`; its field is marked. */
  onSave: (values: PersonaValues) => Promise<void>;
  children?: ReactNode;
}

export function PersonaForm({ title, initial, keptPictureUrl, submitLabel, onSave, children }: PersonaFormProps) {
  const { t } = useTranslation(['personas', 'common']);
  const router = useRouter();
  const [values, setValues] = useState(initial);
  const problem = useFormProblem(Object.keys(initial));
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<PersonaValues>) => setValues({ ...values, ...part });

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
      <PageHeader title={title} />
      <PersonaPicture
        picture={values.picture}
        keptUrl={keptPictureUrl}
        seed={values.name}
        onChange={(picture) => change({ picture })}
      />
      <Fields values={values} problem={problem} onChange={change} />
      {(problem.general ?? problem.of('picture')) !== null && (
        <p className={classes['problem']} role="alert">
          {problem.general ?? problem.of('picture')}
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
      {children}
    </form>
  );
}

interface FieldsProps {
  values: PersonaValues;
  problem: FormProblem;
  onChange: (change: Partial<PersonaValues>) => void;
}

function Fields({ values, problem, onChange }: FieldsProps) {
  const { t } = useTranslation('personas');
  return (
    <Stack>
      <TextInput
        label={t('form.name')}
        description={t('form.nameHint')}
        value={values.name}
        error={problem.of('name')}
        maxLength={100}
        required
        size="md"
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('form.title')}
        description={t('form.titleHint')}
        value={values.title}
        error={problem.of('title')}
        maxLength={200}
        size="md"
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <Textarea
        label={t('form.description')}
        description={t('form.descriptionHint', { userMacro: '{{user}}', charMacro: '{{char}}' })}
        value={values.description}
        error={problem.of('description')}
        rows={6}
        size="md"
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <Switch
        label={t('form.isDefault')}
        description={t('form.isDefaultHint')}
        checked={values.isDefault}
        onChange={(event) => onChange({ isDefault: event.currentTarget.checked })}
      />
      <details className={classes['advanced']}>
        <summary>{t('form.place')}</summary>
        <PersonaPlace values={values} onChange={onChange} />
      </details>
    </Stack>
  );
}
