import { ActionIcon, Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogModel } from '../../../contract/models.ts';
import { api } from '../../state/api.ts';
import { formatBytes, formatNumber } from '../../state/format.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { IconDots } from '../../ui/icons.ts';
import { ModelProgress } from '../../ui/model-progress.tsx';
import { PanelRow } from '../../ui/panel.tsx';
import { useLanguageNames } from '../../ui/use-language-names.ts';
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
  const { download, cancel, choose } = useModelDownloads();
  const { label } = model;
  switch (model.state) {
    case 'absent':
    case 'failed':
      return (
        <Button
          variant="default"
          aria-label={t('models.downloadOf', { label })}
          onClick={() => void download(model.id)}
        >
          {t('models.download')}
        </Button>
      );
    case 'queued':
    case 'downloading':
    case 'verifying':
      return (
        <Button variant="subtle" aria-label={t('models.cancelOf', { label })} onClick={() => void cancel(model.id)}>
          {t('models.cancel')}
        </Button>
      );
    case 'installed':
      return (
        <>
          {!active && (
            <Button variant="default" aria-label={t('models.useOf', { label })} onClick={() => void choose(model.ref)}>
              {t('models.use')}
            </Button>
          )}
          <InstalledMenu model={model} />
        </>
      );
    default:
      return model.state satisfies never;
  }
}

function InstalledMenu({ model }: { model: CatalogModel }) {
  const { t } = useTranslation(['settings', 'common']);
  const guard = useGuard();
  const { remove } = useModelDownloads();
  const [removing, setRemoving] = useState(false);
  const { label } = model;

  async function verify(): Promise<void> {
    const verdict = await guard(api.call('verifyModel', { params: { id: model.id } }));
    if (verdict === undefined) return;
    if (verdict.ok) showToast({ text: t('settings:models.verifyOk', { label }) });
    else showToast({ kind: 'error', text: t('settings:models.verifyBad', { label }) });
  }

  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" size={44} aria-label={t('settings:models.menuOf', { label })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void verify()}>{t('settings:models.verify')}</Menu.Item>
          <Menu.Item onClick={() => setRemoving(true)}>{t('settings:models.remove')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {removing && (
        <ConfirmDialog
          title={t('settings:models.removeTitle', { label })}
          body={t('settings:models.removeBody', { size: formatBytes(model.sizeBytes) })}
          confirmLabel={t('settings:models.remove')}
          onConfirm={async () => {
            await remove(model.id);
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}
