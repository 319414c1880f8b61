import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EmbeddingOffer } from '../../../contract/embeddings.ts';
import { api } from '../../state/api.ts';
import { formatBytes } from '../../state/format.ts';
import { embeddingsQuery } from '../../state/queries.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { ModelProgress } from '../../ui/model-progress.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { useLanguageNames } from '../../ui/use-language-names.ts';
import { ModelActions } from './model-actions.tsx';
import classes from './model-row.module.css';

/** What lets memory find by meaning; for the owner. */
export function EmbeddingPanel() {
  const { t } = useTranslation('settings');
  const { data: list } = useQuery(embeddingsQuery);
  if (list === undefined) return null;
  const { models, inUse } = list;
  return (
    <Panel title={t('embeddings.title')} lead={t('embeddings.lead')}>
      <PanelList>
        {models.map((model) => (
          <EmbeddingRow key={model.ref} model={model} inUse={inUse === model.ref} />
        ))}
        <PanelRow
          title={
            <>
              {t('embeddings.none')}
              {inUse === null && <InUse />}
            </>
          }
          detail={t('embeddings.noneDetail')}
        >
          {inUse !== null && <UseButton modelRef={null} label={t('embeddings.none')} />}
        </PanelRow>
      </PanelList>
    </Panel>
  );
}

function EmbeddingRow({ model, inUse }: { model: EmbeddingOffer; inUse: boolean }) {
  const { t } = useTranslation('settings');
  return (
    <PanelRow
      title={
        <>
          {model.label}
          {inUse && <InUse />}
          {!inUse && model.chosen && (
            <span className={classes['mark']} data-strong>
              {t('embeddings.chosen')}
            </span>
          )}
          {model.recommended && <span className={classes['mark']}>{t('models.recommended')}</span>}
        </>
      }
      detail={<Facts model={model} />}
    >
      <Actions model={model} />
    </PanelRow>
  );
}

function InUse() {
  const { t } = useTranslation('settings');
  return (
    <span className={classes['mark']} data-strong>
      {t('models.default')}
    </span>
  );
}

function Facts({ model }: { model: EmbeddingOffer }) {
  const { t } = useTranslation('settings');
  const names = useLanguageNames();
  const { languages, sizeBytes, licence, providerName } = model;
  const facts = [
    sizeBytes > 0 ? formatBytes(sizeBytes) : '',
    names(languages),
    licence ?? '',
    providerName === null ? '' : t('embeddings.sentTo', { provider: providerName }),
  ];
  return (
    <>
      {facts.filter((fact) => fact !== '').join(' · ')}
      <ModelProgress model={model} />
      {model.error !== null && (
        <p className={classes['problem']} role="alert">
          {model.error.message}
        </p>
      )}
    </>
  );
}

function Actions({ model }: { model: EmbeddingOffer }) {
  const { guard } = useModelDownloads();
  const use = !model.chosen && model.state === 'installed' && <UseButton modelRef={model.ref} label={model.label} />;
  if (model.modelId === null) return use;
  const params = { id: model.modelId };
  return (
    <ModelActions
      model={model}
      download={() => guard(api.call('fetchEmbedding', { params }))}
      cancel={() => guard(api.call('cancelEmbeddingFetch', { params }))}
      remove={() => guard(api.call('removeEmbedding', { params }))}
      verify={() => api.call('verifyEmbedding', { params })}
    >
      {use}
    </ModelActions>
  );
}

/** A provider is asked for a first vector before it is chosen, which takes a moment. */
function UseButton({ modelRef, label }: { modelRef: string | null; label: string }) {
  const { t } = useTranslation('settings');
  const { guard } = useModelDownloads();
  const [choosing, setChoosing] = useState(false);
  async function choose(): Promise<void> {
    setChoosing(true);
    await guard(api.call('chooseEmbedding', { body: { ref: modelRef } }));
    setChoosing(false);
  }
  return (
    <Button
      variant="default"
      loading={choosing}
      aria-label={t('models.useOf', { label })}
      onClick={() => void choose()}
    >
      {t('models.use')}
    </Button>
  );
}
