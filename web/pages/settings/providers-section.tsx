import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from '../../../contract/models.ts';
import { api } from '../../state/api.ts';
import { detectedProvidersQuery, modelChoicesQuery, modelsQuery, providersQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { ProviderDialog } from './provider-dialog.tsx';
import { useModelDownloads } from '../../state/use-model-downloads.ts';

export function ProvidersSection() {
  const { t } = useTranslation('settings');
  const { data: providers } = useQuery(providersQuery);
  const [dialog, setDialog] = useState<Provider | 'new' | null>(null);
  return (
    <>
      <DetectedPanel known={providers ?? []} />
      <Panel lead={t('providers.lead')}>
        {providers?.length === 0 && <p>{t('providers.empty')}</p>}
        <PanelList>
          {providers?.map((provider) => (
            <ProviderRow key={provider.id} provider={provider} onEdit={() => setDialog(provider)} />
          ))}
        </PanelList>
        <div>
          <Button onClick={() => setDialog('new')}>{t('providers.add')}</Button>
        </div>
      </Panel>
      <DefaultModelPanel />
      {dialog !== null && (
        <ProviderDialog provider={dialog === 'new' ? null : dialog} onClose={() => setDialog(null)} />
      )}
    </>
  );
}

function DetectedPanel({ known }: { known: readonly Provider[] }) {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: found = [] } = useQuery(detectedProvidersQuery);
  const fresh = found.filter(
    ({ baseUrl, kind }) => !known.some((one) => one.kind === kind && (one.baseUrl === null || one.baseUrl === baseUrl)),
  );
  if (fresh.length === 0) return null;
  return (
    <Panel>
      <PanelList>
        {fresh.map(({ kind, name, baseUrl, models }) => (
          <PanelRow
            key={baseUrl}
            title={t('providers.detected', { name })}
            detail={t('providers.detectedModels', { count: models.length })}
          >
            <Button
              variant="default"
              onClick={() =>
                void guard(api.call('addProvider', { body: { kind, name, baseUrl } })).then(() =>
                  Promise.all([
                    queryClient.invalidateQueries({ queryKey: ['providers'] }),
                    queryClient.invalidateQueries({ queryKey: ['models'] }),
                  ]),
                )
              }
            >
              {t('providers.useDetected', { name })}
            </Button>
          </PanelRow>
        ))}
      </PanelList>
    </Panel>
  );
}

/** Which of everything that can be talked with answers where a conversation names no model of its own. */
function DefaultModelPanel() {
  const { t } = useTranslation('settings');
  const { choose } = useModelDownloads();
  const { data: choices = [] } = useQuery(modelChoicesQuery);
  const { data: overview } = useQuery(modelsQuery);
  if (choices.length === 0) return null;
  const current = overview?.defaultModel ?? overview?.active?.ref ?? '';
  return (
    <Panel>
      <NativeSelect
        label={t('providers.choose')}
        value={current}
        data={choices.map(({ ref, label }) => ({ value: ref, label }))}
        onChange={(event) => void choose(event.currentTarget.value)}
      />
    </Panel>
  );
}

function ProviderRow({ provider, onEdit }: { provider: Provider; onEdit: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const { name } = provider;
  const facts = [
    t(`settings:providers.kinds.${provider.kind}`),
    provider.baseUrl,
    provider.models.slice(0, 4).join(', '),
  ];
  return (
    <PanelRow title={name} detail={facts.filter((fact) => fact !== null && fact !== '').join(' · ')}>
      <Button variant="default" aria-label={t('settings:providers.edit', { name })} onClick={onEdit}>
        {t('settings:providers.editShort')}
      </Button>
      <Button variant="subtle" aria-label={t('settings:providers.delete', { name })} onClick={() => setLeaving(true)}>
        {t('common:remove')}
      </Button>
      {leaving && (
        <ConfirmDialog
          title={t('settings:providers.deleteTitle', { name })}
          body={t('settings:providers.deleteBody')}
          confirmLabel={t('settings:providers.delete', { name })}
          onConfirm={async () => {
            await guard(api.call('deleteProvider', { params: { id: provider.id } }));
            await queryClient.invalidateQueries({ queryKey: ['providers'] });
            await queryClient.invalidateQueries({ queryKey: ['models'] });
          }}
          onClose={() => setLeaving(false)}
        />
      )}
    </PanelRow>
  );
}
