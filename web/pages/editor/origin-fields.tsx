import { Button, Switch, Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../state/format.ts';
import { IconPlus } from '../../ui/icons.ts';
import { useForm } from './editor-form-context.ts';
import { WritingField } from './writing-field.tsx';
import classes from './editor.module.css';

/** SillyTavern's value for a character whose card says none. */
const USUAL_TALKATIVENESS = 0.5;

/** Who made it, for whom, and what groups need to know. None of it is sent to a model. */
export function OriginFields() {
  const { t } = useTranslation('editor');
  return (
    <>
      <div className={classes['pair']}>
        <WritingField field="creator" label={t('field.creator')} />
        <WritingField field="characterVersion" label={t('field.characterVersion')} />
      </div>
      <WritingField field="creatorNotes" label={t('field.creatorNotes')} hint={t('hint.creatorNotes')} rows={3} />
      <NotesByLanguage />
      <WritingField field="pictureAlt" label={t('field.pictureAlt')} hint={t('hint.pictureAlt')} />
      <Talkativeness />
    </>
  );
}

function NotesByLanguage() {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const [language, setLanguage] = useState('');
  const notes = editor.values.creatorNotesByLanguage;
  const code = language.trim().toLowerCase();
  const addable = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/.test(code) && notes[code] === undefined;
  const add = () => {
    if (!addable) return;
    editor.set('creatorNotesByLanguage', { ...notes, [code]: '' });
    setLanguage('');
  };
  return (
    <fieldset className={classes['group']}>
      <legend>{t('notes.title')}</legend>
      {Object.entries(notes).map(([key, text]) => (
        <Textarea
          key={key}
          label={t('notes.in', { language: key })}
          value={text}
          lang={key}
          autosize
          minRows={2}
          maxRows={10}
          size="md"
          onChange={(event) => editor.set('creatorNotesByLanguage', { ...notes, [key]: event.currentTarget.value })}
        />
      ))}
      <div className={classes['addRow']}>
        <TextInput
          label={t('notes.code')}
          placeholder="de"
          value={language}
          maxLength={20}
          onChange={(event) => setLanguage(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button variant="default" disabled={!addable} leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {t('notes.add')}
        </Button>
      </div>
    </fieldset>
  );
}

function Talkativeness() {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const id = useId();
  const value = editor.values.talkativeness;
  return (
    <div className={classes['field']}>
      <Switch
        label={t('talkativeness.switch')}
        description={t('talkativeness.hint')}
        checked={value !== null}
        onChange={(event) => editor.set('talkativeness', event.currentTarget.checked ? USUAL_TALKATIVENESS : null)}
      />
      {value !== null && (
        <div className={classes['slider']}>
          <label htmlFor={id}>{t('talkativeness.label')}</label>
          <input
            id={id}
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={value}
            onChange={(event) => editor.set('talkativeness', Number(event.currentTarget.value))}
          />
          <output htmlFor={id}>{formatNumber(value * 100)} %</output>
        </div>
      )}
    </div>
  );
}
