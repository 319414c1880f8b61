import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconArrowUp } from '../../ui/icons.ts';
import classes from './call-page.module.css';

/** Far more than a person types beside a voice. */
const TEXT_LIMIT = 4_000;

/** Words beside the voice: each is a turn. */
export function CallComposer({ name, onSay }: { name: string; onSay: (text: string) => void }) {
  const { t } = useTranslation('call');
  const [text, setText] = useState('');
  return (
    <form
      className={classes['composer']}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        onSay(text.trim());
        setText('');
      }}
    >
      <input
        // Opened by the person's own press, who wants to write.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        maxLength={TEXT_LIMIT}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={t('composer.placeholder', { name })}
        aria-label={t('composer.label', { name })}
        enterKeyHint="send"
        autoComplete="off"
      />
      <button type="submit" disabled={text.trim() === ''} aria-label={t('composer.send')}>
        <IconArrowUp size={20} aria-hidden />
      </button>
    </form>
  );
}
