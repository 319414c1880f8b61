import { Button } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Link } from '../../../contract/accounts.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { useGuard } from '../../state/use-guard.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { Panel } from '../../ui/panel.tsx';
import classes from './device-panel.module.css';

/** A one-time link, also as a QR code, to be signed in on one's phone. */
export function DevicePanel() {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const [link, setLink] = useState<Link | null>(null);
  return (
    <Panel title={t('account.device')} lead={t('account.deviceLead')}>
      {link === null ? (
        <div>
          <Button
            variant="default"
            onClick={() => void guard(api.call('createLink')).then((made) => setLink(made ?? null))}
          >
            {t('account.createLink')}
          </Button>
        </div>
      ) : (
        <LinkDetails link={link} warning={isLocal(link) ? t('account.linkLocal') : null} />
      )}
    </Panel>
  );
}

/** What somebody needs to open a link elsewhere: a code to scan, the address, how long it lives, what stands in the way. */
export function LinkDetails({ link, warning = null }: { link: Link; warning?: string | null }) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <div className={classes['link']}>
      {/* Black on white whatever the theme: scanners need the contrast that way round. */}
      <div className={classes['code']}>
        <QRCodeSVG value={link.url} size={168} title={t('settings:account.qrLabel')} />
      </div>
      <div className={classes['words']}>
        <p>{t('settings:account.linkLead', { time: formatDateTime(link.expiresAt) })}</p>
        <CopyField value={link.url} label={t('common:copy')} />
        {warning !== null && (
          <p role="note" className={classes['warning']}>
            {warning}
          </p>
        )}
      </div>
    </div>
  );
}

function isLocal({ url }: Link): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
