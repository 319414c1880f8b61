import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { QRCodeSVG } from 'qrcode.react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HttpsStatus } from '../../../contract/house.ts';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { httpsQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { Panel } from '../../ui/panel.tsx';
import deviceClasses from './device-panel.module.css';
import classes from './devices-section.module.css';

/** HTTPS for other devices of the network: switching it, and how a device comes to trust this house. */
export function DevicesSection() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { data: status, error } = useQuery(httpsQuery);
  const change = useChange();
  if (status === undefined) return error === null ? <LoadingPage /> : <p role="alert">{errorText(error)}</p>;
  return (
    <>
      <Panel lead={t('devices.lead')}>
        {status.error !== null && (
          <p role="alert" className={classes['problem']}>
            {status.error.message}
          </p>
        )}
        <div>
          <Button
            variant={status.enabled ? 'default' : 'filled'}
            onClick={() => void change(api.call('setHttps', { body: { enabled: !status.enabled } }))}
          >
            {status.enabled ? t('devices.off') : t('devices.on')}
          </Button>
        </div>
      </Panel>
      {status.addresses.length > 0 && <OpenPanels status={status} />}
    </>
  );
}

/** Runs a change, and shows what came of it. */
function useChange(): (work: Promise<HttpsStatus>) => Promise<void> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (work) => {
    const changed = await guard(work);
    if (changed) queryClient.setQueryData(httpsQuery.queryKey, changed);
  };
}

function OpenPanels({ status }: { status: HttpsStatus }) {
  const { t } = useTranslation(['settings', 'common']);
  const change = useChange();
  const [renewing, setRenewing] = useState(false);
  const [first = '', ...others] = status.addresses;
  const certificate = `${first}${API_ADDRESSES.houseCertificate}`;
  return (
    <>
      <Panel title={t('settings:devices.trust')} lead={t('settings:devices.trustLead')}>
        <Scan value={certificate} label={t('settings:devices.qrCertificate')}>
          <ol className={classes['steps']}>
            <li>{t('settings:devices.steps.fetch')}</li>
            <li>{t('settings:devices.steps.warning')}</li>
            <li>{t('settings:devices.steps.ios')}</li>
            <li>{t('settings:devices.steps.android')}</li>
            <li>{t('settings:devices.steps.compare')}</li>
          </ol>
        </Scan>
        <CopyField value={status.fingerprint ?? ''} label={t('common:copy')} />
        {status.expiresAt !== null && (
          <p className={classes['note']}>{t('settings:devices.renewed', { time: formatDateTime(status.expiresAt) })}</p>
        )}
      </Panel>
      <Panel title={t('settings:devices.open')} lead={t('settings:devices.openLead')}>
        <Scan value={first} label={t('settings:devices.qrHouse')}>
          {[first, ...others].map((address) => (
            <CopyField key={address} value={address} label={t('common:copy')} />
          ))}
        </Scan>
      </Panel>
      <Panel title={t('settings:devices.care')}>
        <p className={deviceClasses['warning']}>{t('settings:devices.careKey')}</p>
        <p className={deviceClasses['warning']}>{t('settings:devices.careNetwork')}</p>
        <div>
          <Button variant="default" onClick={() => setRenewing(true)}>
            {t('settings:devices.renew')}
          </Button>
        </div>
        {renewing && (
          <ConfirmDialog
            title={t('settings:devices.renewTitle')}
            body={t('settings:devices.renewBody')}
            confirmLabel={t('settings:devices.renew')}
            onConfirm={() => change(api.call('renewHttps'))}
            onClose={() => setRenewing(false)}
          />
        )}
      </Panel>
    </>
  );
}

function Scan({ value, label, children }: { value: string; label: string; children: ReactNode }) {
  return (
    <div className={deviceClasses['link']}>
      {/* Black on white whatever the theme: scanners need the contrast that way round. */}
      <div className={classes['code']}>
        <QRCodeSVG value={value} size={168} title={label} />
      </div>
      <div className={deviceClasses['words']}>{children}</div>
    </div>
  );
}
