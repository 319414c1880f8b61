import { Button, Textarea } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Prose } from '../conversation/prose.tsx';
import { useForm } from './editor-form-context.ts';
import { parseExamples } from './parse-examples.ts';
import { FieldHead } from './writing-field.tsx';
import { RewriteButton } from './rewrite-button.tsx';
import classes from './editor.module.css';

const INSERTS = [
  { key: 'start', text: '<START>\n' },
  { key: 'user', text: '{{user}}: ' },
  { key: 'char', text: '{{char}}: ' },
] as const;

/** Example dialogue: buttons that put the lines' beginnings, and a look at it as bubbles. */
export function ExampleField() {
  const { t } = useTranslation('editor');
  const { editor, problem } = useForm();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [seen, setSeen] = useState(false);
  const text = editor.values.exampleDialogue;

  function insert(piece: string): void {
    const at = box.current?.selectionStart ?? text.length;
    const before = text.slice(0, at);
    const lead = before === '' || before.endsWith('\n') ? '' : '\n';
    editor.set('exampleDialogue', `${before}${lead}${piece}${text.slice(at)}`);
    const caret = at + lead.length + piece.length;
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(caret, caret);
    });
  }

  return (
    <div className={classes['field']}>
      <FieldHead id={id} label={t('field.exampleDialogue')} text={text} counted>
        <RewriteButton draft="exampleDialogue" label={t('field.exampleDialogue')} />
      </FieldHead>
      <p id={`${id}-hint`} className={classes['hint']}>
        {t('hint.exampleDialogue')}
      </p>
      <div className={classes['inserts']}>
        {INSERTS.map(({ key, text: piece }) => (
          <Button key={key} variant="default" size="xs" onClick={() => insert(piece)}>
            {t(`examples.${key}`)}
          </Button>
        ))}
        <Button variant="subtle" size="xs" aria-pressed={seen} onClick={() => setSeen(!seen)}>
          {seen ? t('examples.hide') : t('examples.show')}
        </Button>
      </div>
      <Textarea
        id={id}
        ref={box}
        aria-describedby={`${id}-hint`}
        value={text}
        size="md"
        autosize
        minRows={5}
        maxRows={22}
        error={problem.of('exampleDialogue')}
        onChange={(event) => editor.set('exampleDialogue', event.currentTarget.value)}
      />
      {seen && <Bubbles text={text} name={editor.values.name} />}
    </div>
  );
}

function Bubbles({ text, name }: { text: string; name: string }) {
  const { t } = useTranslation('editor');
  const blocks = parseExamples(text);
  if (blocks.length === 0) return <p className={classes['hint']}>{t('examples.none')}</p>;
  return (
    <div className={classes['bubbles']}>
      {blocks.map((lines, block) => (
        <div key={block} className={classes['block']}>
          {lines.map(({ speaker, text: words }, index) => (
            <div key={index} className={classes['bubble']} data-mine={speaker === 'user'}>
              <b>{speaker === 'user' ? t('examples.you') : name || t('examples.character')}</b>
              <Prose text={words} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
