import { useEffect, useState } from 'react';
import type { ClipboardEvent, KeyboardEvent, ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { MESSAGE_TEXT_LIMIT } from '../../../contract/messages.ts';
import { dropDraft, keepDraft, readDraft } from '../../state/drafts.ts';
import { formatNumber } from '../../state/format.ts';
import { IconArrowUp, IconPlayerStop } from '../../ui/icons.ts';
import { useAutoGrow } from '../../ui/use-auto-grow.ts';
import classes from './composer.module.css';
import { AttachButton } from './files/attach-button.tsx';
import { AttachmentRow } from './files/attachment-row.tsx';
import type { PendingFiles } from './files/use-attachments.ts';
import { pasteFiles } from './files/use-drop-files.ts';
import { MicrophoneButton } from './voice/microphone-button.tsx';
import { VoiceBar } from './voice/voice-bar.tsx';
import type { VoiceRecorder } from './voice/voice-recorder.ts';

export interface ComposerProps {
  conversationId: string;
  name: string;
  /** Instead of the usual invitation to write. */
  placeholder?: string | undefined;
  /** Stands before the words: who the person is here. */
  person?: ReactNode;
  /** Files that are to go with the message. */
  pending: PendingFiles;
  replying: boolean;
  sendWithEnter: boolean;
  /** Lets the page put the focus here. */
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onSend: (text: string, attachments: readonly string[]) => void;
  onStop: () => void;
  /** ↑ in an empty box. */
  onEditLast: () => void;
}

/** Where one writes. Keeps the draft of each conversation; Enter sends unless an input method is composing. */
export function Composer(props: ComposerProps) {
  const { conversationId, name, replying, inputRef } = props;
  const { t } = useTranslation('talk');
  const [text, setText] = useState(() => readDraft(conversationId));
  const [recorder, setRecorder] = useState<VoiceRecorder | null>(null);
  const excess = text.length - MESSAGE_TEXT_LIMIT;
  const { pending } = props;
  const sendable = (text.trim() !== '' || pending.ids.length > 0) && excess <= 0 && !pending.busy;
  useAutoGrow(inputRef, text);
  useEffect(() => keepDraft(conversationId, text), [conversationId, text]);

  function send(): void {
    if (!sendable) return;
    props.onSend(text, pending.ids);
    setText('');
    pending.clear();
    dropDraft(conversationId);
    inputRef.current?.focus();
  }

  // The box is there again only after the bar has gone.
  function closeRecorder(words: string | null): void {
    if (words !== null) setText(joinWords(text, words));
    setRecorder(null);
    requestAnimationFrame(() => inputRef.current?.focus());
  }

  return (
    <form
      className={classes['composer']}
      data-person={props.person !== undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {recorder === null ? (
        <>
          {props.person}
          <AttachmentRow {...{ conversationId, pending }} />
          <Field
            {...{ inputRef, text, setText }}
            onPaste={(event) => pasteFiles(event, pending.add)}
            onKeyDown={(event) => answerKey(event, { ...props, text, send })}
            label={t('composer.label', { name })}
            placeholder={props.placeholder ?? t('composer.placeholder', { name })}
          />
          <AttachButton onFiles={pending.add} />
          <MicrophoneButton onRecord={setRecorder} />
          <SendOrStop
            replying={replying && text.trim() === '' && pending.files.length === 0}
            sendable={sendable}
            onStop={props.onStop}
          />
        </>
      ) : (
        <VoiceBar {...{ conversationId, recorder }} onWords={closeRecorder} onClose={() => closeRecorder(null)} />
      )}
      {excess > 0 && (
        <p className={classes['problem']} role="alert">
          {t('composer.tooLong', { count: excess, formatted: formatNumber(excess) })}
        </p>
      )}
    </form>
  );
}

interface KeyOptions extends Pick<ComposerProps, 'sendWithEnter' | 'onEditLast'> {
  text: string;
  send: () => void;
}

function answerKey(
  event: KeyboardEvent<HTMLTextAreaElement>,
  { text, send, sendWithEnter, onEditLast }: KeyOptions,
): void {
  // 229: Safari ends a composition before the Enter that confirmed it arrives.
  if (event.nativeEvent.isComposing || event.keyCode === 229) return;
  if (event.key === 'ArrowUp' && text === '' && !hasModifier(event)) {
    event.preventDefault();
    onEditLast();
    return;
  }
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
  const command = event.ctrlKey || event.metaKey;
  // Ctrl+Enter in an empty box is the page's shortcut to write the last reply again.
  if (command ? text.trim() === '' : !sendWithEnter) return;
  event.preventDefault();
  send();
}

/** What was dictated follows what was written. */
function joinWords(text: string, words: string): string {
  if (text.trim() === '') return words;
  return /\s$/.test(text) || /\p{Script=Han}[，。！？]?$/u.test(text) ? text + words : `${text} ${words}`;
}

interface FieldProps {
  inputRef: RefObject<HTMLTextAreaElement | null>;
  text: string;
  setText: (text: string) => void;
  onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  label: string;
  placeholder: string;
}

function Field({ inputRef, text, setText, onPaste, onKeyDown, label, placeholder }: FieldProps) {
  return (
    <textarea
      ref={inputRef}
      className={classes['input']}
      rows={1}
      aria-label={label}
      placeholder={placeholder}
      value={text}
      enterKeyHint="send"
      onChange={(event) => setText(event.currentTarget.value)}
      onPaste={onPaste}
      onKeyDown={onKeyDown}
    />
  );
}

interface SendOrStopProps {
  replying: boolean;
  sendable: boolean;
  onStop: () => void;
}

/** One button in one place: sends what is written, or stops what is being written. */
function SendOrStop({ replying, sendable, onStop }: SendOrStopProps) {
  const { t } = useTranslation('talk');
  if (replying) {
    return (
      <button key="stop" type="button" className={classes['button']} aria-label={t('composer.stop')} onClick={onStop}>
        <IconPlayerStop size={18} aria-hidden />
      </button>
    );
  }
  return (
    <button
      key="send"
      type="submit"
      className={classes['button']}
      aria-label={t('composer.send')}
      aria-disabled={!sendable}
    >
      <IconArrowUp size={22} stroke={2.2} aria-hidden />
    </button>
  );
}

function hasModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
}
