import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { IconCheck } from '../../ui/icons.ts';
import type { BookDraft } from './book-draft.ts';
import classes from './book-editor.module.css';
import { useDraft } from './use-draft.ts';

/** Whether the server has what is on the page, said to everybody; with the way on where it has not. */
export function SaveState({ draft }: { draft: BookDraft }) {
  const { t } = useTranslation('books');
  const errorText = useErrorText();
  const { state, error } = useDraft(draft);
  const words = {
    saved: t('save.saved'),
    unsaved: draft.autosaves ? t('save.unsaved') : t('save.unsavedManual'),
    saving: t('save.saving'),
    failed: t('save.failed', { reason: errorText(error) }),
    conflict: t('save.conflict'),
  }[state];
  return (
    <div className={classes['saveState']}>
      <span role="status" data-state={state}>
        {state === 'saved' && <IconCheck size={16} aria-hidden />}
        {words}
      </span>
      {state === 'failed' && draft.autosaves && (
        <Button size="compact-sm" variant="subtle" onClick={() => void draft.save()}>
          {t('save.retry')}
        </Button>
      )}
      {!draft.autosaves && state !== 'saved' && state !== 'conflict' && (
        <Button size="sm" loading={state === 'saving'} onClick={() => void draft.save()}>
          {t('save.save')}
        </Button>
      )}
      {state === 'conflict' && <ConflictDialog draft={draft} />}
    </div>
  );
}

function ConflictDialog({ draft }: { draft: BookDraft }) {
  const { t } = useTranslation(['books', 'common']);
  const [later, setLater] = useState(false);
  if (later) {
    return (
      <Button size="compact-sm" variant="subtle" onClick={() => setLater(false)}>
        {t('books:save.conflictTitle')}
      </Button>
    );
  }
  return (
    <Modal
      opened
      onClose={() => setLater(true)}
      title={t('books:save.conflictTitle')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <p>{t('books:save.conflictBody')}</p>
      <ButtonRow>
        <Button variant="default" onClick={() => void draft.resolve('theirs')}>
          {t('books:save.theirs')}
        </Button>
        <Button data-autofocus onClick={() => void draft.resolve('mine')}>
          {t('books:save.mine')}
        </Button>
      </ButtonRow>
    </Modal>
  );
}
