import { Suspense, lazy, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardImport } from '../../../contract/cards.ts';
import { IconUpload } from '../../ui/icons.ts';
import classes from './card-drop.module.css';
import { IMPORT_EVENT, useImportCard } from './use-import-card.ts';

const ImportRemarks = lazy(async () => ({ default: (await import('./import-remarks.tsx')).ImportRemarks }));

/** Takes card files dropped anywhere, or chosen by an import button, and says what became of them. */
export function CardDrop() {
  const { t } = useTranslation('characters');
  const [over, setOver] = useState(false);
  const [imported, setImported] = useState<CardImport | null>(null);
  const importCard = useImportCard(setImported);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void importCard(file);
    };
    const onChosen = (event: Event) => {
      if (event instanceof CustomEvent && event.detail instanceof File) void importCard(event.detail);
    };
    addEventListener('dragover', onDragOver);
    addEventListener('dragleave', onDragLeave);
    addEventListener('drop', onDrop);
    addEventListener(IMPORT_EVENT, onChosen);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('dragleave', onDragLeave);
      removeEventListener('drop', onDrop);
      removeEventListener(IMPORT_EVENT, onChosen);
    };
  }, [importCard]);
  return (
    <>
      {over && (
        <div className={classes['over']}>
          <IconUpload size={40} aria-hidden />
          <strong>{t('drop.title')}</strong>
          <span>{t('drop.body')}</span>
        </div>
      )}
      <Suspense>
        {imported !== null && <ImportRemarks imported={imported} onClose={() => setImported(null)} />}
      </Suspense>
    </>
  );
}
