import { Button, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DraftField } from '../../../contract/drafting.ts';
import { IconPlayerStop, IconSparkles } from '../../ui/icons.ts';
import { useForm } from './editor-form-context.ts';
import classes from './editor.module.css';

const WHOLE: readonly DraftField[] = [
  'name',
  'description',
  'tagline',
  'personality',
  'scenario',
  'greeting',
  'exampleDialogue',
  'tags',
];

/** A sentence in, a card out: every field that is empty is written by the model, and can be changed while it goes on. */
export function DraftPanel() {
  const { t } = useTranslation(['editor', 'common']);
  const { editor, drafting } = useForm();
  const { values, idea } = editor;
  const empty = WHOLE.filter((field) =>
    field === 'tags' ? values.tags.length === 0 : field !== 'alternateGreeting' && values[field].trim() === '',
  );
  const fields = empty.length === 0 ? WHOLE : empty;
  const ready = idea.trim() !== '' || (empty.length < WHOLE.length && empty.length > 0);
  return (
    <section className={classes['draft']} aria-label={t('editor:draft.title')}>
      <Textarea
        label={t('editor:draft.title')}
        description={t('editor:draft.hint')}
        placeholder={t('editor:draft.placeholder')}
        value={idea}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        size="md"
        onChange={(event) => editor.setIdea(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !ready || drafting.running) return;
          event.preventDefault();
          void drafting.start(fields);
        }}
      />
      <div className={classes['draftRow']}>
        {drafting.running ? (
          <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={drafting.stop}>
            {t('editor:draft.stop')}
          </Button>
        ) : (
          <Button
            disabled={!ready}
            leftSection={<IconSparkles size={18} aria-hidden />}
            onClick={() => void drafting.start(fields)}
          >
            {empty.length === 0 ? t('editor:draft.again') : t('editor:draft.start')}
          </Button>
        )}
        {!drafting.running && drafting.before !== null && drafting.written.length > 0 && (
          <Button variant="subtle" onClick={drafting.undo}>
            {t('editor:draft.undo')}
          </Button>
        )}
        <DraftStatus />
      </div>
      {drafting.problem !== null && (
        <p className={classes['problem']} role="alert">
          {t('editor:draft.failed', { reason: drafting.problem })}
        </p>
      )}
    </section>
  );
}

function DraftStatus() {
  const { t } = useTranslation('editor');
  const { drafting } = useForm();
  const { running, asked, written, model, field } = drafting;
  return (
    <p className={classes['hint']} role="status">
      {running && field === null && t('draft.waking')}
      {running &&
        field !== null &&
        t('draft.writing', { field: t(`draftField.${field}`), current: written.length + 1, total: asked.length })}
      {!running && written.length > 0 && model !== null && t('draft.by', { model: model.label })}
      {!running && written.length > 0 && model?.fallback === true && ` ${t('draft.fallback')}`}
    </p>
  );
}
