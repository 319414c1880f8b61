import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IconUpload } from '../../../ui/icons.ts';
import { openImport } from './import-event.ts';

export function ImportButton() {
  const { t } = useTranslation('characters');
  return (
    <Button variant="default" leftSection={<IconUpload size={18} aria-hidden />} onClick={() => openImport()}>
      {t('import')}
    </Button>
  );
}
