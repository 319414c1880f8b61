import { useQuery } from '@tanstack/react-query';
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelsOverview } from '../../../contract/models.ts';
import { api } from '../../state/api.ts';
import { formatNumber } from '../../state/format.ts';
import { modelsQuery } from '../../state/queries.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useMe } from '../../state/use-me.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { InlineForm } from '../../ui/inline-form.tsx';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { EmbeddingPanel } from './embedding-panel.tsx';
import { ModelRow } from './model-row.tsx';
import { SpeechPanels } from './speech-panels.tsx';

export function ModelsSection() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const me = useMe();
  const { data: overview, error } = useQuery(modelsQuery);
  if (overview === undefined) return error === null ? <LoadingPage /> : <p role="alert">{errorText(error)}</p>;
  const owner = me.role === 'owner';
  const { machine } = overview;
  const models = overview.models.filter(({ use, state }) => use !== 'test' || state !== 'absent');
  return (
    <>
      <ActivePanel overview={overview} />
      <Panel
        lead={t('models.lead', {
          ram: formatNumber(machine.ramGiB),
          cores: machine.cores,
          disk: formatNumber(machine.freeDiskGiB),
        })}
      >
        {!owner && <p>{t('models.ownerOnly')}</p>}
        <PanelList>
          {models.map((model) => (
            <ModelRow key={model.id} model={model} owner={owner} active={overview.active?.ref === model.ref} />
          ))}
        </PanelList>
      </Panel>
      {owner && <AddFilePanel />}
      {owner && <EmbeddingPanel />}
      <SpeechPanels owner={owner} />
    </>
  );
}

function ActivePanel({ overview }: { overview: ModelsOverview }) {
  const { t } = useTranslation('settings');
  const { active, engine } = overview;
  return (
    <Panel title={t('models.active')}>
      {active === null ? (
        <p>{t('models.activeNone')}</p>
      ) : (
        <PanelList>
          <PanelRow
            title={active.label}
            detail={[
              active.fallback ? t('models.fallback') : '',
              engine.ref === active.ref ? t(`models.engine.${engine.state}`) : '',
            ]
              .filter((fact) => fact !== '')
              .join(' · ')}
          />
        </PanelList>
      )}
      {engine.error !== null && <p role="alert">{engine.error}</p>}
    </Panel>
  );
}

function AddFilePanel() {
  const { t } = useTranslation('settings');
  const { guard } = useModelDownloads();
  const [path, setPath] = useState('');
  return (
    <Panel title={t('models.file')} lead={t('models.fileLead')}>
      <InlineForm
        onSubmit={async () => {
          const added = api.call('addModelFile', { body: { path: path.trim() } });
          if (!(await guard(added))) return;
          showToast({ text: t('models.fileAdded', { label: (await added).label }) });
          setPath('');
        }}
      >
        <TextInput
          label={t('models.filePath')}
          value={path}
          spellCheck={false}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={path.trim() === ''}>
          {t('models.fileAdd')}
        </Button>
      </InlineForm>
    </Panel>
  );
}
