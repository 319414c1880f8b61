import { Button } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../../contract/characters.ts';
import { IconDownload } from '../../../ui/icons.ts';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));

export function ExportButton({ character }: { character: Pick<CharacterSummary, 'id' | 'name'> }) {
  const { t } = useTranslation('cards');
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="md"
        leftSection={<IconDownload size={18} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t('export.button')}
      </Button>
      <Suspense>{opened && <ExportDialog character={character} onClose={() => setOpened(false)} />}</Suspense>
    </>
  );
}
