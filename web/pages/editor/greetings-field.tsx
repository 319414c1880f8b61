import { ActionIcon, Button, Textarea } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconArrowDown, IconArrowUp, IconPlus, IconSparkles, IconTrash } from '../../ui/icons.ts';
import { useForm } from './editor-form-context.ts';
import { greetingsOf, withGreetings } from './editor-values.ts';
import { FieldHead } from './writing-field.tsx';
import { RewriteButton } from './rewrite-button.tsx';
import classes from './editor.module.css';

/** Every way a conversation may begin, the first one first. */
export function GreetingsField() {
  const { t } = useTranslation('editor');
  const { editor, drafting } = useForm();
  const greetings = greetingsOf(editor.values);
  const replace = (next: readonly string[]) => editor.change((values) => withGreetings(values, next));
  return (
    <div className={classes['list']}>
      <GreetingList
        texts={greetings}
        labelOf={(index) => (index === 0 ? t('field.greeting') : t('field.greetingNumber', { number: index + 1 }))}
        keepsFirst
        onChange={replace}
      />
      <div className={classes['draftRow']}>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => replace([...greetings, ''])}
        >
          {t('greetings.add')}
        </Button>
        <Button
          variant="subtle"
          disabled={drafting.running}
          leftSection={<IconSparkles size={16} aria-hidden />}
          onClick={() => void drafting.start(['alternateGreeting'])}
        >
          {t('greetings.another')}
        </Button>
      </div>
    </div>
  );
}

export function GroupGreetingsField() {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const greetings = editor.values.groupGreetings;
  const replace = (next: readonly string[]) => editor.set('groupGreetings', [...next]);
  return (
    <div className={classes['list']}>
      <p className={classes['hint']}>{t('greetings.groupHint')}</p>
      <GreetingList
        texts={greetings}
        labelOf={(index) => t('field.groupGreetingNumber', { number: index + 1 })}
        onChange={replace}
      />
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => replace([...greetings, ''])}
        >
          {t('greetings.addGroup')}
        </Button>
      </div>
    </div>
  );
}

interface GreetingListProps {
  texts: readonly string[];
  labelOf: (index: number) => string;
  /** The first one has a place of its own and cannot be removed while it is the only one. */
  keepsFirst?: boolean;
  onChange: (texts: readonly string[]) => void;
}

function GreetingList({ texts, labelOf, keepsFirst = false, onChange }: GreetingListProps) {
  const swap = (one: number, other: number) => {
    const next = [...texts];
    [next[one], next[other]] = [texts[other] ?? '', texts[one] ?? ''];
    onChange(next);
  };
  return texts.map((text, index) => (
    <Greeting
      // A greeting has no name of its own; its place is what the reader sees.
      key={index}
      text={text}
      label={labelOf(index)}
      first={keepsFirst && index === 0}
      onChange={(next) => onChange(texts.with(index, next))}
      onUp={index === 0 ? undefined : () => swap(index, index - 1)}
      onDown={index === texts.length - 1 ? undefined : () => swap(index, index + 1)}
      onRemove={keepsFirst && texts.length === 1 ? undefined : () => onChange(texts.toSpliced(index, 1))}
    />
  ));
}

interface GreetingProps {
  text: string;
  label: string;
  first: boolean;
  onChange: (text: string) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: (() => void) | undefined;
}

function Greeting({ text, label, first, onChange, onUp, onDown, onRemove }: GreetingProps) {
  const { t } = useTranslation('editor');
  const { problem } = useForm();
  const id = useId();
  const buttons = [
    { name: t('greetings.up', { label }), run: onUp, icon: <IconArrowUp size={16} aria-hidden /> },
    { name: t('greetings.down', { label }), run: onDown, icon: <IconArrowDown size={16} aria-hidden /> },
    { name: t('greetings.remove', { label }), run: onRemove, icon: <IconTrash size={16} aria-hidden /> },
  ];
  return (
    <div className={classes['field']}>
      <FieldHead id={id} label={label} text={text} counted>
        {first && <RewriteButton draft="greeting" label={label} />}
        {buttons.map(({ name, run, icon }) => (
          <ActionIcon
            key={name}
            variant="subtle"
            size={36}
            aria-label={name}
            title={name}
            disabled={run === undefined}
            onClick={run}
          >
            {icon}
          </ActionIcon>
        ))}
      </FieldHead>
      <Textarea
        id={id}
        value={text}
        size="md"
        autosize
        minRows={3}
        maxRows={18}
        error={first ? problem.of('greeting') : null}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
