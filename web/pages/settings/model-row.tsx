import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CatalogModel } from '../../../contract/models.ts';
import { api } from '../../state/api.ts';
import { formatBytes, formatNumber } from '../../state/format.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { ModelProgress } from '../../ui/model-progress.tsx';
import { PanelRow } from '../../ui/panel.tsx';
import { useLanguageNames } from '../../ui/use-language-names.ts';
import { ModelActions } from './model-actions.tsx';
import classes from './model-row.module.css';

export interface ModelRowProps {
  model: CatalogModel;
  owner: boolean;
  active: boolean;
}

export function ModelRow({ model, owner, active }: ModelRowProps) {
  const { t } = useTranslation('settings');
  return (
    <PanelRow
      title={
        <>
          {model.label} <Marks model={model} active={active} />
        </>
      }
      detail={<Details model={model} />}
    >
      {owner && <Actions model={model} active={active} />}
      {!owner && model.state === 'installed' && t('models.states.installed')}
    </PanelRow>
  );
}

function Marks({ model, active }: { model: CatalogModel; active: boolean }) {
  const { t } = useTranslation('settings');
  return (
    <>
      {active && (
        <span className={classes['mark']} data-strong>
          {t('models.default')}
        </span>
      )}
      {model.recommendedHere && <span className={classes['mark']}>{t('models.recommended')}</span>}
      {model.fallback && <span className={classes['mark']}>{t('models.fallback')}</span>}
      {model.use === 'own-file' && <span className={classes['mark']}>{t('models.ownFile')}</span>}
      {model.use === 'test' && <span className={classes['mark']}>{t('models.test')}</span>}
    </>
  );
}

function Details({ model }: { model: CatalogModel }) {
  const { t } = useTranslation(['settings', 'common']);
  const languages = useLanguageNames();
  const facts = [
    formatBytes(model.sizeBytes),
    languages(model.languages),
    model.licence,
    model.recommendedRamGiB > 0 ? t('settings:models.needs', { ram: formatNumber(model.recommendedRamGiB) }) : '',
    t('settings:models.context', { tokens: formatNumber(model.contextLength) }),
  ];
  return (
    <>
      {facts.filter((fact) => fact !== '').join(' · ')}
      <ModelProgress model={model} />
      {model.state === 'failed' && (
        <p className={classes['problem']} role="alert">
          {model.error?.message ?? t('settings:models.states.failed')}
        </p>
      )}
    </>
  );
}

function Actions({ model, active }: { model: CatalogModel; active: boolean }) {
  const { t } = useTranslation('settings');
  const { download, cancel, remove, choose } = useModelDownloads();
  const { id, label } = model;
  return (
    <ModelActions
      model={model}
      download={() => download(id)}
      cancel={() => cancel(id)}
      remove={() => remove(id)}
      verify={() => api.call('verifyModel', { params: { id } })}
    >
      {!active && (
        <Button variant="default" aria-label={t('models.useOf', { label })} onClick={() => void choose(model.ref)}>
          {t('models.use')}
        </Button>
      )}
    </ModelActions>
  );
}
