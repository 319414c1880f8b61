import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogModel, ModelsOverview } from '../../../contract/models.ts';
import { formatBytes, formatNumber } from '../../state/format.ts';
import { providersQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { useLanguageNames } from '../../ui/use-language-names.ts';
import { ModelProgress } from '../../ui/model-progress.tsx';
import { ProviderDialog } from '../settings/provider-dialog.tsx';
import classes from './welcome.module.css';

/** The starter on its way, the better one beside it, and a provider as the alternative. */
export function ModelCards({ overview, owner }: { overview: ModelsOverview; owner: boolean }) {
  const { t } = useTranslation('welcome');
  const { models, start } = overview;
  const starter =
    models.find(({ id }) => id === start.modelId) ??
    models.find(({ use, state }) => use === 'starter' && state === 'installed');
  const recommended = models.find(({ recommendedHere, id }) => recommendedHere && id !== starter?.id);
  return (
    <section className={classes['cards']} aria-label={t('models')}>
      <StarterCard overview={overview} starter={starter} owner={owner} />
      {owner && recommended !== undefined && <RecommendedCard model={recommended} />}
      {owner && <ProviderCard />}
    </section>
  );
}

function StarterCard({
  overview,
  starter,
  owner,
}: {
  overview: ModelsOverview;
  starter: CatalogModel | undefined;
  owner: boolean;
}) {
  const { t } = useTranslation(['welcome', 'common']);
  const errorText = useErrorText();
  const { download } = useModelDownloads();
  const { phase, error } = overview.start;
  const languages = useLanguageNames();
  const ready = starter?.state === 'installed' || phase === 'ready';
  const stuck = phase === 'stuck' && !ready;
  const readyTitle = overview.active?.fallback === false ? t('welcome:readyModel') : t('welcome:starterReady');
  const title = stuck ? t('welcome:stuckTitle') : ready ? readyTitle : t('welcome:starter');
  return (
    <article className={classes['card']} data-chosen data-stuck={stuck}>
      <b>{title}</b>
      <em>{starter === undefined ? '' : formatBytes(starter.sizeBytes)}</em>
      <span>
        {starter === undefined
          ? (overview.active?.label ?? t('welcome:probing'))
          : t('welcome:starterDetail', { label: starter.label, languages: languages(starter.languages) })}
      </span>
      {starter !== undefined && <ModelProgress model={starter} />}
      {stuck && (
        <p className={classes['problem']} role="alert">
          {error?.message ?? starter?.error?.message ?? errorText(null)}
        </p>
      )}
      {stuck && owner && starter !== undefined && (
        <Button variant="default" onClick={() => void download(starter.id)}>
          {t('welcome:stuckRetry')}
        </Button>
      )}
    </article>
  );
}

function RecommendedCard({ model }: { model: CatalogModel }) {
  const { t } = useTranslation(['welcome', 'common']);
  const { download, cancel } = useModelDownloads();
  const languages = useLanguageNames();
  const moving = ['queued', 'downloading', 'verifying'].includes(model.state);
  const installed = model.state === 'installed';
  return (
    <article className={classes['card']}>
      <b>{t('welcome:recommended')}</b>
      <em>{formatBytes(model.sizeBytes)}</em>
      <span>
        {t('welcome:recommendedDetail', {
          label: model.label,
          languages: languages(model.languages),
          ram: formatNumber(model.recommendedRamGiB),
        })}
      </span>
      {installed && <em>{t('welcome:installed')}</em>}
      {!installed && !moving && (
        <Button
          variant="default"
          className={classes['cardButton'] ?? ''}
          onClick={() => void download(model.id)}
          aria-label={t('welcome:fetchOf', { label: model.label })}
        >
          {t('welcome:fetch')}
        </Button>
      )}
      {moving && (
        <Button
          variant="subtle"
          className={classes['cardButton'] ?? ''}
          onClick={() => void cancel(model.id)}
          aria-label={t('welcome:cancelOf', { label: model.label })}
        >
          {t('welcome:cancel')}
        </Button>
      )}
      <ModelProgress model={model} />
    </article>
  );
}

function ProviderCard() {
  const { t } = useTranslation('welcome');
  const [adding, setAdding] = useState(false);
  const { data: providers = [] } = useQuery(providersQuery);
  const names = providers.map(({ name }) => name).join(', ');
  return (
    <>
      <button type="button" className={classes['card']} data-action onClick={() => setAdding(true)}>
        <b>{t('provider')}</b>
        <em>{providers.length > 0 ? t('ready') : t('keyNeeded')}</em>
        <span>{providers.length > 0 ? t('providerReady', { names }) : t('providerDetail')}</span>
      </button>
      {adding && <ProviderDialog provider={null} onClose={() => setAdding(false)} />}
    </>
  );
}
