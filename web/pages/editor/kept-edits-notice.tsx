import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CharacterVersion } from '../../../contract/character-fields.ts';
import { formatDateTime } from '../../state/format.ts';
import { useForm } from './editor-form-context.ts';
import classes from './editor.module.css';

/** What was typed here before a reload and never saved: taken up again, or thrown away. */
export function KeptEditsNotice({ base }: { base: CharacterVersion | null }) {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const { kept } = editor;
  if (kept === null) return null;
  const older = kept.versionId !== (base?.versionId ?? null);
  return (
    <div className={classes['notice']} role="status">
      <p>
        {t('kept.body', { time: formatDateTime(kept.keptAt) })}
        {older && ` ${t('kept.older')}`}
      </p>
      <div className={classes['draftRow']}>
        <Button onClick={editor.restoreKept}>{t('kept.restore')}</Button>
        <Button variant="default" onClick={editor.discardKept}>
          {t('kept.discard')}
        </Button>
      </div>
    </div>
  );
}
