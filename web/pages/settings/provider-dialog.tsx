import { Button, Modal, NativeSelect, PasswordInput, TextInput, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { providerKindSchema } from '../../../contract/models.ts';
import type { Provider, ProviderKind } from '../../../contract/models.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';

interface Values {
  kind: ProviderKind;
  name: string;
  baseUrl: string;
  apiKey: string;
  models: string;
}

/** Adds a provider, or changes one; the connection can be tried before it is saved. */
export function ProviderDialog({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const [values, setValues] = useState<Values>(() => ({
    kind: provider?.kind ?? 'openai',
    name: provider?.name ?? '',
    baseUrl: provider?.baseUrl ?? '',
    apiKey: '',
    models: provider?.models.join('\n') ?? '',
  }));
  const title = provider === null ? t('settings:providers.add') : t('settings:providers.edit', { name: provider.name });
  const { verdict, busy, test, save } = useProviderActions({ provider, values, onClose });
  const needsAddress = values.kind === 'openai-compatible' && values.baseUrl.trim() === '';
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
      size="lg"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Fields values={values} hasKey={provider?.hasKey ?? false} onChange={setValues} />
        <p role="status" style={{ marginTop: 12, color: verdict?.ok === false ? 'var(--danger)' : undefined }}>
          {verdict?.text}
        </p>
        <ButtonRow>
          <Button variant="default" onClick={() => void test()} loading={busy} disabled={needsAddress}>
            {t('settings:providers.test')}
          </Button>
          <Button type="submit" disabled={busy || needsAddress}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  values: Values;
  hasKey: boolean;
  onChange: (values: Values) => void;
}

function Fields({ values, hasKey, onChange }: FieldsProps) {
  const { t } = useTranslation('settings');
  const kinds = providerKindSchema.options.map((value) => ({ value, label: t(`providers.kinds.${value}`) }));
  const set = (field: keyof Values) => (event: { currentTarget: { value: string } }) =>
    onChange({ ...values, [field]: event.currentTarget.value });
  return (
    <Stack>
      <NativeSelect
        label={t('providers.kind')}
        value={values.kind}
        data={kinds}
        onChange={(event) => onChange({ ...values, kind: providerKindSchema.parse(event.currentTarget.value) })}
      />
      {values.kind !== 'ollama' && (
        <PasswordInput
          label={t('providers.apiKey')}
          description={hasKey ? t('providers.apiKeyKept') : t('providers.apiKeyHint')}
          value={values.apiKey}
          autoComplete="off"
          onChange={set('apiKey')}
        />
      )}
      <TextInput
        label={t('providers.baseUrl')}
        description={t('providers.baseUrlHint')}
        value={values.baseUrl}
        required={values.kind === 'openai-compatible'}
        type="url"
        onChange={set('baseUrl')}
      />
      <TextInput label={t('providers.name')} value={values.name} maxLength={80} onChange={set('name')} />
      <Textarea
        label={t('providers.models')}
        description={t('providers.modelsHint')}
        value={values.models}
        rows={3}
        onChange={set('models')}
      />
    </Stack>
  );
}

interface ActionsOptions {
  provider: Provider | null;
  values: Values;
  onClose: () => void;
}

function useProviderActions({ provider, values, onClose }: ActionsOptions) {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [verdict, setVerdict] = useState<{ ok: boolean; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const { kind } = values;
  const baseUrl = values.baseUrl.trim() === '' ? null : values.baseUrl.trim();
  const key = values.apiKey.trim() === '' ? {} : { apiKey: values.apiKey.trim() };

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      setVerdict({ ok: false, text: errorText(error) });
    } finally {
      setBusy(false);
    }
  }

  const test = () =>
    attempt(async () => {
      const stored = provider === null ? {} : { providerId: provider.id };
      const result = await api.call('testProvider', { body: { kind, baseUrl, ...key, ...stored } });
      const reason = result.error?.message ?? '';
      const text = result.ok
        ? t('providers.testOk', { count: result.models.length })
        : t('providers.testFailed', { reason });
      setVerdict({ ok: result.ok, text });
    });

  const save = () =>
    attempt(async () => {
      const name = values.name.trim() === '' ? t(`providers.kinds.${kind}`) : values.name;
      const models = values.models
        .split('\n')
        .map((model) => model.trim())
        .filter((model) => model !== '');
      const body = { kind, name, baseUrl, models, ...key };
      const saved =
        provider === null
          ? await api.call('addProvider', { body })
          : await api.call('saveProvider', { params: { id: provider.id }, body });
      await queryClient.invalidateQueries({ queryKey: ['providers'] });
      await queryClient.invalidateQueries({ queryKey: ['models'] });
      showToast({ text: t('providers.saved', { name: saved.name }) });
      onClose();
    });

  return { verdict, busy, test, save };
}
