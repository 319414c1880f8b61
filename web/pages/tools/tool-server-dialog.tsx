import { Button, Checkbox, Modal, NativeSelect, TextInput, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolServer } from '../../../contract/tools.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';
import { parseSecrets } from './parse-secrets.ts';
import { toolServersQuery } from './tools-queries.ts';

interface Values {
  transport: 'stdio' | 'http';
  name: string;
  command: string;
  args: string;
  url: string;
  privateAddresses: boolean;
  secrets: string;
  enabled: boolean;
  shared: boolean;
}

/** Adds a server of tools, or changes one. It is tried when it is saved. */
export function ToolServerDialog({ server, onClose }: { server: ToolServer | null; onClose: () => void }) {
  const { t } = useTranslation(['tools', 'common']);
  const [values, setValues] = useState<Values>(() => ({
    transport: server?.transport ?? 'stdio',
    name: server?.name ?? '',
    command: server?.command ?? '',
    args: server?.args.join('\n') ?? '',
    url: server?.url ?? '',
    privateAddresses: server?.privateAddresses ?? false,
    secrets: server?.secretNames.join('\n') ?? '',
    enabled: server?.enabled ?? true,
    shared: server?.shared ?? false,
  }));
  const { problem, busy, save } = useSave({ server, values, onClose });
  const title = server === null ? t('tools:servers.add') : t('tools:servers.edit', { name: server.name });
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
        <Fields values={values} kept={server?.secretNames ?? []} onChange={setValues} />
        <p role="status" style={{ marginTop: 12, color: 'var(--danger)' }}>
          {problem}
        </p>
        <ButtonRow>
          <Button type="submit" loading={busy}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  values: Values;
  kept: readonly string[];
  onChange: (values: Values) => void;
}

function Fields({ values, kept, onChange }: FieldsProps) {
  const { t } = useTranslation('tools');
  const set = (field: keyof Values) => (event: { currentTarget: { value: string } }) =>
    onChange({ ...values, [field]: event.currentTarget.value });
  const check = (field: keyof Values) => (event: { currentTarget: { checked: boolean } }) =>
    onChange({ ...values, [field]: event.currentTarget.checked });
  const isProgram = values.transport === 'stdio';
  return (
    <Stack>
      <NativeSelect
        label={t('form.transport')}
        value={values.transport}
        data={[
          { value: 'stdio', label: t('form.stdio') },
          { value: 'http', label: t('form.http') },
        ]}
        onChange={(event) =>
          onChange({ ...values, transport: event.currentTarget.value === 'http' ? 'http' : 'stdio' })
        }
      />
      <TextInput label={t('form.name')} value={values.name} maxLength={80} required onChange={set('name')} />
      {isProgram ? (
        <>
          <TextInput
            label={t('form.command')}
            description={t('form.commandHint')}
            value={values.command}
            required
            autoComplete="off"
            onChange={set('command')}
          />
          <Textarea label={t('form.args')} value={values.args} rows={3} onChange={set('args')} />
        </>
      ) : (
        <>
          <TextInput label={t('form.url')} type="url" value={values.url} required onChange={set('url')} />
          <Checkbox label={t('form.private')} checked={values.privateAddresses} onChange={check('privateAddresses')} />
        </>
      )}
      <Textarea
        label={isProgram ? t('form.secretsStdio') : t('form.secretsHttp')}
        description={kept.length > 0 ? t('form.secretsKept', { names: kept.join(', ') }) : t('form.secretsHint')}
        value={values.secrets}
        rows={3}
        autoComplete="off"
        spellCheck={false}
        onChange={set('secrets')}
      />
      <Checkbox label={t('form.enabled')} checked={values.enabled} onChange={check('enabled')} />
      <Checkbox label={t('form.shared')} checked={values.shared} onChange={check('shared')} />
    </Stack>
  );
}

function useSave({ server, values, onClose }: { server: ToolServer | null; values: Values; onClose: () => void }) {
  const { t } = useTranslation('tools');
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    const { secrets, badLine } = parseSecrets(values.secrets);
    if (badLine !== null) return setProblem(t('form.badSecret', { line: badLine }));
    const { name, enabled, shared, command, url, privateAddresses } = values;
    const args = values.args.split('\n').filter((line) => line !== '');
    const place =
      values.transport === 'stdio'
        ? ({ transport: 'stdio', command: command.trim(), args } as const)
        : ({ transport: 'http', url: url.trim(), privateAddresses } as const);
    const body = { ...place, name, enabled, shared, secrets };
    setBusy(true);
    try {
      const saved =
        server === null
          ? await api.call('createToolServer', { body })
          : await api.call('updateToolServer', { params: { id: server.id }, body });
      await queryClient.invalidateQueries({ queryKey: toolServersQuery.queryKey });
      await queryClient.invalidateQueries({ queryKey: ['conversation-tools'] });
      showToast({ text: t('servers.saved', { name: saved.name }) });
      onClose();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  }

  return { problem, busy, save };
}
