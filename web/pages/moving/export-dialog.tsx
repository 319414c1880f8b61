import '@mantine/core/styles/Radio.css';
import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { fillPath } from '../../../client/create-client.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { exportFormatSchema, type ExportFormat } from '../../../contract/moving.ts';
import { api } from '../../state/api.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';

/** A conversation as a file; forms that lose something say what. */
export function ExportDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation(['moving', 'common']);
  const [format, setFormat] = useState<ExportFormat>('sillytavern');
  const address = fillPath(API_ADDRESSES.exportConversation, { id: conversation.id }, { format });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('moving:export.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <Radio.Group
        label={t('moving:export.format')}
        value={format}
        onChange={(value) => setFormat(exportFormatSchema.parse(value))}
      >
        <Stack>
          {exportFormatSchema.options.map((option) => (
            <Radio
              key={option}
              value={option}
              label={t(`moving:export.${option}`)}
              description={t(`moving:export.${option}Note`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button component="a" href={api.url(address)} download onClick={onClose}>
          {t('moving:export.save')}
        </Button>
      </ButtonRow>
    </Modal>
  );
}
