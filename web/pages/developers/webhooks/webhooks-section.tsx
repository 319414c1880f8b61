import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '../../../../contract/webhooks.ts';
import { api } from '../../../state/api.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { IconPlus } from '../../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../../ui/panel.tsx';
import { Stack } from '../../../ui/stack.tsx';
import classes from '../developers.module.css';
import { DeliveriesSheet } from './deliveries-sheet.tsx';
import { useWebhookChange, webhooksQuery } from './webhook-queries.ts';
import { WebhookSheet } from './webhook-sheet.tsx';

/** Addresses that are told of batches, answers in the background and limits, signed by Standard Webhooks. */
export function WebhooksSection() {
  const { t } = useTranslation('developers');
  const { data: webhooks } = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <Panel>
        <div className={classes['bar']}>
          <p className={`${classes['grow']} ${classes['soft']}`}>{t('webhooks.hint')}</p>
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
            {t('webhooks.add')}
          </Button>
        </div>
        {webhooks?.length === 0 && <p className={classes['empty']}>{t('webhooks.empty')}</p>}
        <PanelList>
          {webhooks?.map((webhook) => (
            <WebhookRow key={webhook.id} webhook={webhook} onSecret={setSecret} />
          ))}
        </PanelList>
      </Panel>
      {adding && (
        <WebhookSheet
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false);
            setSecret(made);
          }}
        />
      )}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  );
}

function WebhookRow({ webhook, onSecret }: { webhook: Webhook; onSecret: (secret: string) => void }) {
  const { t } = useTranslation('developers');
  const change = useWebhookChange();
  const [looking, setLooking] = useState(false);
  const { id, url, description, events, enabled, disabledReason } = webhook;
  const params = { id };
  const facts = [...(description === '' ? [] : [description]), events.join(', ')];
  return (
    <PanelRow title={url} detail={[...facts, ...(enabled ? [] : [disabledReason ?? t('webhooks.off')])].join(' · ')}>
      <Button variant="default" aria-label={t('webhooks.deliveriesOf', { url })} onClick={() => setLooking(true)}>
        {t('webhooks.deliveries')}
      </Button>
      <Button
        variant="default"
        aria-label={enabled ? t('webhooks.pauseOf', { url }) : t('webhooks.resumeOf', { url })}
        onClick={() => void change(api.call('updateWebhook', { params, body: { enabled: !enabled } }))}
      >
        {enabled ? t('webhooks.pause') : t('webhooks.resume')}
      </Button>
      <Button
        variant="default"
        aria-label={t('webhooks.rotateOf', { url })}
        onClick={() => void change(api.call('rotateWebhook', { params })).then((made) => made && onSecret(made.secret))}
      >
        {t('webhooks.rotate')}
      </Button>
      <Button
        variant="default"
        aria-label={t('webhooks.removeOf', { url })}
        onClick={() => void change(api.call('removeWebhook', { params }))}
      >
        {t('limits.remove')}
      </Button>
      {looking && <DeliveriesSheet webhook={webhook} onClose={() => setLooking(false)} />}
    </PanelRow>
  );
}

function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation(['developers', 'common']);
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={t('developers:webhooks.secretTitle')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <p>{t('developers:webhooks.secretBody')}</p>
        <CopyField value={secret} label={t('developers:webhooks.copySecret')} />
      </Stack>
      <ButtonRow>
        <Button onClick={onClose}>{t('common:done')}</Button>
      </ButtonRow>
    </Modal>
  );
}
