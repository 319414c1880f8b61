import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { webhookEventTypeSchema } from '../../../../contract/webhooks.ts';
import type { WebhookEventType } from '../../../../contract/webhooks.ts';
import { api } from '../../../state/api.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import classes from '../developers.module.css';
import { useWebhookChange } from './webhook-queries.ts';

export interface WebhookSheetProps {
  onClose: () => void;
  onMade: (secret: string) => void;
}

/** Adds an address and what it is told of. */
export function WebhookSheet({ onClose, onMade }: WebhookSheetProps) {
  const { t } = useTranslation(['developers', 'common']);
  const change = useWebhookChange();
  const [url, setUrl] = useState('https://');
  const [events, setEvents] = useState<readonly WebhookEventType[]>(['batch.completed', 'limit.hard']);
  async function save(): Promise<void> {
    const made = await change(api.call('createWebhook', { body: { url, events: [...events] } }));
    if (made !== undefined) onMade(made.secret);
  }
  return (
    <Sheet title={t('developers:webhooks.add')} onClose={onClose}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          label={t('developers:webhooks.address')}
          type="url"
          value={url}
          data-autofocus
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <fieldset className={classes['choices']}>
          <legend>{t('developers:webhooks.events')}</legend>
          {webhookEventTypeSchema.options.map((type) => (
            <Checkbox
              size="md"
              key={type}
              label={type}
              checked={events.includes(type)}
              onChange={(event) =>
                setEvents(event.currentTarget.checked ? [...events, type] : events.filter((one) => one !== type))
              }
            />
          ))}
        </fieldset>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={!URL.canParse(url) || events.length === 0}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
