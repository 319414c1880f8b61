import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportedMemory, MemoryFile } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { formatDateTime, formatNumber } from '../../state/format.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import classes from './memory-page.module.css';
import { useMemoryChange } from './use-memory-change.ts';

export interface MemoryImportDialogProps {
  characterId: string;
  name: string;
  file: MemoryFile;
  onClose: () => void;
}

/** What a file would bring, before anything is written. */
export function MemoryImportDialog({ characterId, name, file, onClose }: MemoryImportDialogProps) {
  const { t } = useTranslation(['memory', 'common']);
  const errorText = useErrorText();
  const change = useMemoryChange();
  const [busy, setBusy] = useState(false);
  const params = { id: characterId };
  const dry = useQuery({
    queryKey: ['memoryImport', characterId, file.exportedAt, file.facts.length, file.diary.length, file.dates.length],
    queryFn: ({ signal }) => api.call('importMemory', { params, body: file, query: { dry: 1 }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

  async function bring(): Promise<void> {
    setBusy(true);
    const brought = await change(api.call('importMemory', { params, body: file }));
    setBusy(false);
    if (brought === undefined) return;
    showToast({ text: t('memory:file.done', { name }) });
    onClose();
  }

  const { data } = dry;
  const nothing = data !== undefined && data.facts + data.diary + data.dates + data.rules === 0;
  return (
    <Sheet title={t('memory:file.reportTitle', { name })} onClose={onClose}>
      <Stack>
        <p>{t('memory:file.from', { name: file.character.name, when: formatDateTime(file.exportedAt) })}</p>
        {file.character.name !== name && <p className={classes['hint']}>{t('memory:file.otherCharacter', { name })}</p>}
        {dry.isError && <p role="alert">{errorText(dry.error)}</p>}
        {dry.isPending && <p role="status">{t('common:loading')}</p>}
        {data !== undefined && <Report report={data} />}
        {nothing && <p>{t('memory:file.nothingNew')}</p>}
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button loading={busy} disabled={data === undefined || nothing} onClick={() => void bring()}>
          {t('memory:file.bring')}
        </Button>
      </ButtonRow>
    </Sheet>
  );
}

const PARTS = ['facts', 'diary', 'dates', 'rules', 'known'] as const satisfies readonly (keyof ImportedMemory)[];

function Report({ report }: { report: ImportedMemory }) {
  const { t } = useTranslation('memory');
  return (
    <dl className={classes['report']}>
      {PARTS.map((part) => (
        <div key={part}>
          <dt>{t(`file.part.${part}`)}</dt>
          <dd>{formatNumber(report[part])}</dd>
        </div>
      ))}
    </dl>
  );
}
