import { Button } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconUpload } from '../../ui/icons.ts';
import { IMPORT_EVENT } from './use-import-card.ts';

export function ImportButton() {
  const { t } = useTranslation('characters');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".png,.json,image/png,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) dispatchEvent(new CustomEvent(IMPORT_EVENT, { detail: file }));
        }}
      />
      <Button
        variant="default"
        leftSection={<IconUpload size={18} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t('import')}
      </Button>
    </>
  );
}
