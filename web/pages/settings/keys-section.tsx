import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyScopeSchema } from '../../../contract/accounts.ts';
import type { CreatedKey, Key, KeyScope } from '../../../contract/accounts.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { keysQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { InlineForm } from '../../ui/inline-form.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';

export function KeysSection() {
  const { t } = useTranslation('settings');
  const { data: keys } = useQuery(keysQuery);
  const [created, setCreated] = useState<CreatedKey | null>(null);
  return (
    <>
      <Panel lead={t('keys.lead')}>
        <CreateKeyForm onCreated={setCreated} />
        {created !== null && (
          <div role="status">
            <p>{t('keys.created')}</p>
            <CopyField value={created.key} label={t('keys.copyKey')} />
          </div>
        )}
      </Panel>
      <Panel>
        {keys?.length === 0 && <p>{t('keys.empty')}</p>}
        <PanelList>
          {keys?.map((key) => (
            <KeyRow key={key.id} entry={key} />
          ))}
        </PanelList>
      </Panel>
    </>
  );
}

function CreateKeyForm({ onCreated }: { onCreated: (key: CreatedKey) => void }) {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<KeyScope>('all');
  return (
    <InlineForm
      onSubmit={async () => {
        const created = await guard(api.call('createKey', { body: { name, scopes: [scope] } }));
        if (created === undefined) return;
        onCreated(created);
        setName('');
        await queryClient.invalidateQueries({ queryKey: ['keys'] });
      }}
    >
      <TextInput
        label={t('keys.name')}
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('keys.scope')}
        value={scope}
        data={keyScopeSchema.options.map((value) => ({ value, label: t(`keys.scopes.${value}`) }))}
        onChange={(event) => setScope(keyScopeSchema.parse(event.currentTarget.value))}
      />
      <Button type="submit" disabled={name.trim() === ''}>
        {t('keys.create')}
      </Button>
    </InlineForm>
  );
}

function KeyRow({ entry }: { entry: Key }) {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const used =
    entry.lastUsedAt === null ? t('keys.neverUsed') : t('keys.lastUsed', { time: formatDateTime(entry.lastUsedAt) });
  const facts = [`${entry.prefix}…`, ...entry.scopes.map((scope) => t(`keys.scopes.${scope}`)), used];
  return (
    <PanelRow title={entry.name} detail={entry.revokedAt === null ? facts.join(' · ') : t('keys.revoked')}>
      {entry.revokedAt === null && (
        <Button
          variant="default"
          aria-label={t('keys.revokeOf', { name: entry.name })}
          onClick={() =>
            void guard(api.call('revokeKey', { params: { id: entry.id } })).then(() =>
              queryClient.invalidateQueries({ queryKey: ['keys'] }),
            )
          }
        >
          {t('keys.revoke')}
        </Button>
      )}
    </PanelRow>
  );
}
