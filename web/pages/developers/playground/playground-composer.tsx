import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAsDataUrl } from '../../../state/read-file.ts';
import { IconPhoto } from '../../../ui/icons.ts';
import classes from '../developers.module.css';
import own from './playground.module.css';
import type { Turn } from './playground-types.ts';

export interface PlaygroundComposerProps {
  initial: string;
  busy: boolean;
  /** Something in the settings has to be put right first. */
  blocked: boolean;
  onSend: (turn: Turn) => void;
  onStop: () => void;
}

/** What is said to all models at once. Ctrl or ⌘ with Enter sends. */
export function PlaygroundComposer({ initial, busy, blocked, onSend, onStop }: PlaygroundComposerProps) {
  const { t } = useTranslation('developers');
  const [text, setText] = useState(initial);
  const [pictures, setPictures] = useState<readonly string[]>([]);
  const canSend = !busy && !blocked && text.trim() !== '';
  function send(): void {
    if (!canSend) return;
    onSend({ role: 'user', text, pictures });
    setText('');
    setPictures([]);
  }
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        label={t('playground.message')}
        value={text}
        autosize
        minRows={2}
        maxRows={10}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          send();
        }}
      />
      <Pictures pictures={pictures} onChange={setPictures} />
      <div className={classes['bar']}>
        {busy ? (
          <Button type="button" onClick={onStop}>
            {t('playground.stop')}
          </Button>
        ) : (
          <Button type="submit" disabled={!canSend}>
            {t('playground.send')}
          </Button>
        )}
        <AddPictures onAdded={(added) => setPictures([...pictures, ...added])} />
      </div>
    </form>
  );
}

function Pictures({
  pictures,
  onChange,
}: {
  pictures: readonly string[];
  onChange: (left: readonly string[]) => void;
}) {
  const { t } = useTranslation('developers');
  if (pictures.length === 0) return null;
  return (
    <div className={own['pictures']}>
      {pictures.map((url, index) => (
        <Button
          key={url}
          variant="subtle"
          h={80}
          aria-label={t('playground.removePicture', { place: index + 1 })}
          onClick={() => onChange(pictures.filter((one) => one !== url))}
        >
          <img src={url} alt="" />
        </Button>
      ))}
    </div>
  );
}

function AddPictures({ onAdded }: { onAdded: (added: readonly string[]) => void }) {
  const { t } = useTranslation('developers');
  return (
    <Button component="label" variant="default" leftSection={<IconPhoto size={18} aria-hidden />}>
      {t('playground.picture')}
      <input
        type="file"
        accept="image/png,image/jpeg,image/webp"
        multiple
        className={own['file']}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          void Promise.all(files.map(readAsDataUrl)).then(onAdded);
        }}
      />
    </Button>
  );
}
