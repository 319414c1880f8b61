import { ActionIcon, Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconArrowUp, IconPlayerStop, IconRefresh } from '../../ui/icons.ts';
import { useAutoGrow } from '../../ui/use-auto-grow.ts';
import { Prose } from '../conversation/prose.tsx';
import { useForm } from './editor-form-context.ts';
import { usePreview, type PreviewTalk } from './use-preview.ts';
import classes from './preview-pane.module.css';

/** A talk with the character as the form has it, beside the form. */
export function PreviewPane({ userName }: { userName: string }) {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const { values } = editor;
  const preview = usePreview(values);
  const name = values.nickname || values.name || t('examples.character');
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [preview.messages, preview.saying]);
  const greeting = speakable(values.greeting, { char: name, user: userName });
  return (
    <section className={classes['pane']} aria-label={t('preview.title')}>
      <header className={classes['head']}>
        <div>
          <h2>{t('preview.title')}</h2>
          <p>{t('preview.hint')}</p>
        </div>
        <ActionIcon
          variant="subtle"
          size={40}
          aria-label={t('preview.clear')}
          title={t('preview.clear')}
          disabled={preview.messages.length === 0}
          onClick={preview.clear}
        >
          <IconRefresh size={18} aria-hidden />
        </ActionIcon>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className={classes['talk']} role="log" tabIndex={0} aria-label={t('preview.log')}>
        {greeting.trim() === '' ? (
          <p className={classes['empty']}>{t('preview.noGreeting')}</p>
        ) : (
          <Bubble author={name} text={greeting} />
        )}
        {preview.messages.map(({ author, text }, index) => (
          <Bubble key={index} author={author === 'user' ? userName : name} mine={author === 'user'} text={text} />
        ))}
        {preview.saying !== null && <Bubble author={name} text={preview.saying || '…'} streaming />}
        {preview.problem !== null && (
          <p className={classes['problem']} role="alert">
            {preview.problem}
          </p>
        )}
        <div ref={end} />
      </div>
      <PreviewBox preview={preview} name={name} />
    </section>
  );
}

function Bubble({
  author,
  text,
  mine = false,
  streaming = false,
}: {
  author: string;
  text: string;
  mine?: boolean;
  streaming?: boolean;
}) {
  return (
    <div className={classes['bubble']} data-mine={mine} aria-busy={streaming}>
      <b>{author}</b>
      <Prose text={text} streaming={streaming} />
    </div>
  );
}

function PreviewBox({ preview, name }: { preview: PreviewTalk; name: string }) {
  const { t } = useTranslation('editor');
  const [text, setText] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  useAutoGrow(box, text);
  const talking = preview.saying !== null;
  const send = () => {
    if (talking) return;
    if (text.trim() === '') {
      box.current?.focus();
      return;
    }
    void preview.say(text);
    setText('');
  };
  return (
    <div className={classes['box']}>
      <textarea
        ref={box}
        rows={1}
        aria-label={t('preview.say', { name })}
        placeholder={t('preview.say', { name })}
        value={text}
        maxLength={20_000}
        enterKeyHint="send"
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      {talking ? (
        <ActionIcon size={44} radius="xl" aria-label={t('preview.stop')} onClick={preview.stop}>
          <IconPlayerStop size={18} aria-hidden />
        </ActionIcon>
      ) : (
        <Button size="sm" radius="xl" aria-label={t('preview.send')} onClick={send}>
          <IconArrowUp size={20} aria-hidden />
        </Button>
      )}
    </div>
  );
}

/** The names a greeting stands with; other macros are the server's work. */
function speakable(text: string, names: { char: string; user: string }): string {
  return text.replace(/\{\{\s*(?:char|user)\s*\}\}|<(?:bot|char|user)>/gi, (macro) =>
    /user/i.test(macro) ? names.user : names.char,
  );
}
