import { ActionIcon, Button, Menu } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogModel } from '../../../contract/models.ts';
import { formatBytes } from '../../state/format.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { IconDots } from '../../ui/icons.ts';

export interface ModelActionsProps {
  model: Pick<CatalogModel, 'label' | 'state' | 'sizeBytes'>;
  download: () => Promise<unknown>;
  cancel: () => Promise<unknown>;
  remove: () => Promise<unknown>;
  verify: () => Promise<{ ok: boolean }>;
  /** Before the menu of an installed one. */
  children?: ReactNode;
}

/** What can be done with weights, as they stand: fetch, cancel, check, remove. */
export function ModelActions({ children, ...props }: ModelActionsProps) {
  const { t } = useTranslation('settings');
  const { label, state } = props.model;
  switch (state) {
    case 'absent':
    case 'failed':
      return (
        <Button variant="default" aria-label={t('models.downloadOf', { label })} onClick={() => void props.download()}>
          {t('models.download')}
        </Button>
      );
    case 'queued':
    case 'downloading':
    case 'verifying':
      return (
        <Button variant="subtle" aria-label={t('models.cancelOf', { label })} onClick={() => void props.cancel()}>
          {t('models.cancel')}
        </Button>
      );
    case 'installed':
      return (
        <>
          {children}
          <InstalledMenu {...props} />
        </>
      );
    default:
      return state satisfies never;
  }
}

function InstalledMenu({ model, remove, verify }: Omit<ModelActionsProps, 'children'>) {
  const { t } = useTranslation(['settings', 'common']);
  const guard = useGuard();
  const [removing, setRemoving] = useState(false);
  const { label } = model;

  async function check(): Promise<void> {
    const verdict = await guard(verify());
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
          <Menu.Item onClick={() => void check()}>{t('settings:models.verify')}</Menu.Item>
          <Menu.Item onClick={() => setRemoving(true)}>{t('settings:models.remove')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {removing && (
        <ConfirmDialog
          title={t('settings:models.removeTitle', { label })}
          body={t('settings:models.removeBody', { size: formatBytes(model.sizeBytes) })}
          confirmLabel={t('settings:models.remove')}
          onConfirm={async () => {
            await remove();
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}
