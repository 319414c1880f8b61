import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showToast } from '../../../state/toasts.ts';
import { IconUpload } from '../../../ui/icons.ts';
import { onImport } from './import-event.ts';
import classes from './import.module.css';
import { useImportQueue } from './use-import-queue.ts';
import { usePageFiles } from './use-page-files.ts';

const ImportDialog = lazy(async () => ({ default: (await import('./import-dialog.tsx')).ImportDialog }));

/** Takes card files that are dropped or pasted anywhere, and opens the import dialog for them. */
export function CardDrop() {
  const { t } = useTranslation(['cards', 'characters']);
  const navigate = useNavigate();
  const queue = useImportQueue();
  const [opened, setOpened] = useState(false);
  const { items, add, clear } = queue;
  const take = useCallback(
    (files: readonly File[]) => {
      add(files.map((file) => ({ kind: 'file', file })));
      setOpened(true);
    },
    [add],
  );
  const over = usePageFiles({ onFiles: take, pastedName: t('cards:import.pasted') });
  useEffect(() => onImport(take), [take]);

  // One good file without a word to say about it: straight to the character.
  const [only] = items;
  const done =
    items.length === 1 && only?.state === 'imported' && only.result?.warnings.length === 0 ? only.result : null;
  useEffect(() => {
    if (!done || !opened) return;
    setOpened(false);
    clear();
    showToast({ text: t('cards:import.moved', { name: done.character.name }) });
    void navigate({ to: '/characters/$characterId', params: { characterId: done.character.id } });
  }, [done, opened, clear, navigate, t]);

  return (
    <>
      {over && (
        <div className={classes['over']}>
          <IconUpload size={40} aria-hidden />
          <strong>{t('characters:drop.title')}</strong>
          <span>{t('characters:drop.body')}</span>
        </div>
      )}
      <Suspense>
        {opened && (
          <ImportDialog
            queue={queue}
            onClose={() => {
              queue.stop();
              clear();
              setOpened(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
