import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAsDataUrl } from '../../../state/read-file.ts';
import { MicrophoneButton } from '../../conversation/voice/microphone-button.tsx';
import { VoiceBar } from '../../conversation/voice/voice-bar.tsx';
import type { VoiceRecorder } from '../../conversation/voice/voice-recorder.ts';
import { IconPhoto } from '../../../ui/icons.ts';
import classes from '../developers.module.css';
import own from './playground.module.css';
import type { Turn } from './playground-types.ts';

export interface PlaygroundComposerProps {
  initial: string;
  busy: boolean;
  /** Something in the settings has to be put right first. */
  blocked: boolean;
  /** All models that are asked look at pictures. */
  seesPictures: boolean;
  onSend: (turn: Turn) => void;
  onStop: () => void;
}

/** What is said to all models at once. Ctrl or ⌘ with Enter sends. */
export function PlaygroundComposer({ initial, busy, blocked, seesPictures, onSend, onStop }: PlaygroundComposerProps) {
  const { t } = useTranslation('developers');
  const [text, setText] = useState(initial);
  const [pictures, setPictures] = useState<readonly string[]>([]);
  const [recorder, setRecorder] = useState<VoiceRecorder | null>(null);
  const canSend = !busy && !blocked && text.trim() !== '';
  function send(): void {
    if (!canSend) return;
    onSend({ role: 'user', text, pictures });
    setText('');
    setPictures([]);
  }
  function addWords(words: string): void {
    setText(text.trim() === '' ? words : `${text.trimEnd()} ${words}`);
    setRecorder(null);
  }
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Words value={text} onChange={setText} onSend={send} />
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
        {seesPictures && <AddPictures onAdded={(added) => setPictures([...pictures, ...added])} />}
        {recorder === null && <MicrophoneButton onRecord={setRecorder} />}
      </div>
      {recorder !== null && (
        <VoiceBar conversationId={null} recorder={recorder} onWords={addWords} onClose={() => setRecorder(null)} />
      )}
    </form>
  );
}

interface WordsProps {
  value: string;
  onChange: (text: string) => void;
  onSend: () => void;
}

function Words({ value, onChange, onSend }: WordsProps) {
  const { t } = useTranslation('developers');
  return (
    <Textarea
      label={t('playground.message')}
      value={value}
      autosize
      minRows={2}
      maxRows={10}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        onSend();
      }}
    />
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
