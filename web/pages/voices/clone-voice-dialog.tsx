import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Locale } from '../../../contract/common.ts';
import type { ClonedVoiceList } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { LOCALES, currentLocale } from '../../state/i18n.ts';
import type { Recording } from '../../state/record-wav.ts';
import { toBase64 } from '../../state/to-base64.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';
import { clonedVoicesQuery, consentStatementQuery } from './cloned-voice-queries.ts';
import { ConsentRecorder } from './consent-recorder.tsx';
import classes from './cloned-voices.module.css';

interface Values {
  name: string;
  label: string;
  providerId: string;
  locale: Locale;
}

export interface CloneVoiceDialogProps {
  providers: ClonedVoiceList['providers'];
  onClose: () => void;
}

/** Makes a likeness: who consents, in which language, and their reading of the statement. */
export function CloneVoiceDialog({ providers, onClose }: CloneVoiceDialogProps) {
  const { t } = useTranslation(['clones', 'common']);
  const [values, setValues] = useState<Values>({
    name: '',
    label: '',
    providerId: providers[0]?.id ?? '',
    locale: currentLocale(),
  });
  const [recording, setRecording] = useState<Recording | null>(null);
  const { busy, problem, make } = useMake({ values, recording, onClose });
  const complete = values.name.trim() !== '' && values.label.trim() !== '' && recording !== null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('clones:make')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
      size="lg"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) void make();
        }}
      >
        <Stack>
          <Fields values={values} providers={providers} onChange={setValues} />
          <Statement values={values} />
          <ConsentRecorder recording={recording} onChange={setRecording} />
          {problem !== null && (
            <p role="alert" className={classes['problem']}>
              {problem}
            </p>
          )}
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!complete}>
            {t('clones:make')}
          </Button>
        </ButtonRow>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  values: Values;
  providers: ClonedVoiceList['providers'];
  onChange: (values: Values) => void;
}

function Fields({ values, providers, onChange }: FieldsProps) {
  const { t } = useTranslation(['clones', 'common']);
  return (
    <>
      <TextInput
        label={t('clones:name')}
        description={t('clones:nameHint')}
        value={values.name}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => onChange({ ...values, name: event.currentTarget.value })}
      />
      <TextInput
        label={t('clones:label')}
        value={values.label}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => onChange({ ...values, label: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('clones:language')}
        value={values.locale}
        data={LOCALES.map((value) => ({ value, label: t(`common:language.${value}`) }))}
        onChange={(event) => onChange({ ...values, locale: event.currentTarget.value === 'en' ? 'en' : 'zh-CN' })}
      />
      {providers.length > 1 && (
        <NativeSelect
          label={t('clones:provider')}
          value={values.providerId}
          data={providers.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => onChange({ ...values, providerId: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function Statement({ values }: { values: Values }) {
  const { t } = useTranslation('clones');
  const name = values.name.trim();
  const { data } = useQuery({ ...consentStatementQuery({ ...values, name }), enabled: name !== '' });
  return (
    <div>
      <p>{t('read')}</p>
      <blockquote className={classes['statement']} lang={values.locale}>
        {data?.text ?? t('nameFirst')}
      </blockquote>
      <p className={classes['hint']}>{t('kept')}</p>
    </div>
  );
}

interface MakeOptions {
  values: Values;
  recording: Recording | null;
  onClose: () => void;
}

function useMake({ values, recording, onClose }: MakeOptions) {
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    if (recording === null) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.call('cloneVoice', { body: { ...values, recording: toBase64(recording.wav) } });
      await queryClient.invalidateQueries(clonedVoicesQuery);
      await queryClient.invalidateQueries({ queryKey: ['voices'] });
      onClose();
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  };
  return { busy, problem, make };
}
