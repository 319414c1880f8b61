import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '../../../../contract/webhooks.ts';
import { api } from '../../../state/api.ts';
import { formatDateTime } from '../../../state/format.ts';
import { PanelList, PanelRow } from '../../../ui/panel.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import classes from '../developers.module.css';
import { useWebhookChange } from './webhook-queries.ts';

/** What was sent to an address, and what became of it. */
export function DeliveriesSheet({ webhook: { id, url }, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation('developers');
  const change = useWebhookChange();
  const { data } = useQuery({
    queryKey: ['platform', 'webhooks', id],
    queryFn: async ({ signal }) => (await api.call('webhookDeliveries', { params: { id }, signal })).deliveries,
  });
  return (
    <Sheet title={t('webhooks.deliveriesOf', { url })} onClose={onClose}>
      {data?.length === 0 && <p className={classes['empty']}>{t('webhooks.noDeliveries')}</p>}
      <PanelList>
        {data?.map(({ id: deliveryId, type, state, attempts, lastStatus, lastError, createdAt }) => (
          <PanelRow
            key={deliveryId}
            title={type}
            detail={[
              formatDateTime(createdAt),
              t(`webhooks.states.${state}`),
              t('webhooks.attempts', { count: attempts }),
              ...(lastStatus === null ? [] : [String(lastStatus)]),
              ...(lastError === null ? [] : [lastError]),
            ].join(' · ')}
          >
            <Button
              variant="default"
              aria-label={t('webhooks.againOf', { type })}
              onClick={() => void change(api.call('redeliverWebhook', { params: { id, deliveryId } }))}
            >
              {t('webhooks.again')}
            </Button>
          </PanelRow>
        ))}
      </PanelList>
    </Sheet>
  );
}
