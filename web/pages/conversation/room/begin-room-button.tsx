import { Button } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconUsers } from '../../../ui/icons.ts';

const BeginRoomDialog = lazy(async () => ({ default: (await import('./begin-room-dialog.tsx')).BeginRoomDialog }));

/** Begins a conversation with several characters. */
export function BeginRoomButton() {
  const { t } = useTranslation('room');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconUsers size={18} aria-hidden />} onClick={() => setOpen(true)}>
        {t('begin.button')}
      </Button>
      <Suspense>{open && <BeginRoomDialog onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
