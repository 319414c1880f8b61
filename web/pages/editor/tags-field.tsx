import { TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconX } from '../../ui/icons.ts';
import { useForm } from './editor-form-context.ts';
import { splitTags } from './editor-values.ts';
import { FieldHead } from './writing-field.tsx';
import { RewriteButton } from './rewrite-button.tsx';
import classes from './editor.module.css';

/** Tags as chips; a comma or Enter ends one, Backspace in an empty box takes the last one back. */
export function TagsField() {
  const { t } = useTranslation('editor');
  const { editor, problem } = useForm();
  const id = useId();
  const [typed, setTyped] = useState('');
  const { tags } = editor.values;
  const add = (text: string) => {
    const next = splitTags(text).filter((tag) => !tags.includes(tag));
    if (next.length > 0) editor.set('tags', [...tags, ...next]);
    setTyped('');
  };
  return (
    <div className={classes['field']}>
      <FieldHead id={id} label={t('field.tags')} text="" counted={false}>
        <RewriteButton draft="tags" label={t('field.tags')} />
      </FieldHead>
      <TagList
        tags={tags}
        onRemove={(tag) =>
          editor.set(
            'tags',
            tags.filter((one) => one !== tag),
          )
        }
      />
      <TextInput
        id={id}
        value={typed}
        placeholder={t('tags.placeholder')}
        size="md"
        enterKeyHint="done"
        error={problem.of('tags')}
        onChange={(event) => {
          const text = event.currentTarget.value;
          if (/[,，、]/.test(text)) add(text);
          else setTyped(text);
        }}
        onBlur={() => add(typed)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') {
            event.preventDefault();
            add(typed);
          } else if (event.key === 'Backspace' && typed === '') editor.set('tags', tags.slice(0, -1));
        }}
      />
    </div>
  );
}

function TagList({ tags, onRemove }: { tags: readonly string[]; onRemove: (tag: string) => void }) {
  const { t } = useTranslation('editor');
  if (tags.length === 0) return null;
  return (
    <ul className={classes['tags']}>
      {tags.map((tag) => (
        <li key={tag}>
          {tag}
          <button type="button" aria-label={t('tags.remove', { tag })} onClick={() => onRemove(tag)}>
            <IconX size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
