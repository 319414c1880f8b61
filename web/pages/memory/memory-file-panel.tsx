import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { fillPath } from '../../../client/create-client.ts';
import { MEMORY_FILE_FORMAT, memoryFileSchema, type MemoryFile } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { formatBytes } from '../../state/format.ts';
import { showToast } from '../../state/toasts.ts';
import { IconDownload, IconUpload } from '../../ui/icons.ts';
import { Panel } from '../../ui/panel.tsx';
import { MemoryImportDialog } from './memory-import-dialog.tsx';

/** More than a long life of facts; what is larger is no memory file. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Memory as a file: taken along, and read in. */
export function MemoryFilePanel({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<MemoryFile | null>(null);

  async function choose(chosen: File): Promise<void> {
    const read = chosen.size > MOST_BYTES ? null : await readMemoryFile(chosen);
    if (read !== null) return setFile(read);
    const text =
      chosen.size > MOST_BYTES
        ? t('file.tooLarge', { name: chosen.name, limit: formatBytes(MOST_BYTES) })
        : t('file.notMemory', { name: chosen.name });
    showToast({ kind: 'error', text });
  }

  return (
    <Panel title={t('file.title')} lead={t('file.lead', { name })}>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,application/json"
        data-testid="memory-file"
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (chosen !== undefined) void choose(chosen);
        }}
      />
      <div>
        <Button
          variant="default"
          mr={8}
          leftSection={<IconDownload size={18} aria-hidden />}
          renderRoot={(props) => (
            <a {...props} href={api.url(fillPath(API_ADDRESSES.exportMemory, { id: characterId }))} download>
              {props['children']}
            </a>
          )}
        >
          {t('file.export')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconUpload size={18} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t('file.import')}
        </Button>
      </div>
      {file !== null && (
        <MemoryImportDialog characterId={characterId} name={name} file={file} onClose={() => setFile(null)} />
      )}
    </Panel>
  );
}

/** Null where it is something else. */
async function readMemoryFile(file: File): Promise<MemoryFile | null> {
  const text = await file.text();
  if (!text.includes(MEMORY_FILE_FORMAT)) return null;
  try {
    const parsed = memoryFileSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
