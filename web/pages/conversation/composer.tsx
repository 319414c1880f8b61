import { useState } from 'react';
import type { ClipboardEvent, ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../state/format.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useHotkeyLabel } from '../../state/use-hotkey-label.ts';
import { IconArrowUp, IconPlayerStop } from '../../ui/icons.ts';
import { ComposerMenu } from './commands/composer-menu.tsx';
import commandClasses from './commands/commands.module.css';
import type { SlashCommand } from './commands/slash-command.ts';
import classes from './composer.module.css';
import { AttachButton } from './files/attach-button.tsx';
import { AttachmentRow } from './files/attachment-row.tsx';
import type { PendingFiles } from './files/use-attachments.ts';
import { pasteFiles } from './files/use-drop-files.ts';
import { useComposer, type ComposerControl, type ComposerState } from './use-composer.ts';
import { MicrophoneButton } from './voice/microphone-button.tsx';
import { VoiceBar } from './voice/voice-bar.tsx';
import type { VoiceRecorder } from './voice/voice-recorder.ts';
import { WritingHelp } from './writing/writing-help.tsx';
import { WritingButton, WritingItems } from './writing/writing-items.tsx';

export interface ComposerProps {
  conversationId: string;
  name: string;
  /** Instead of the usual invitation to write. */
  placeholder?: string | undefined;
  /** Stands before the words: who the person is here. */
  person?: ReactNode;
  /** Above the words: who is to hear them. */
  above?: ReactNode;
  /** Without files and dictation, which guests do not have. */
  wordsOnly?: boolean;
  /** A model may write or suggest the words. */
  helped?: boolean;
  /** Somebody is writing, or has stopped. */
  onTyping?: (typing: boolean) => void;
  /** Files that are to go with the message. */
  pending: PendingFiles;
  replying: boolean;
  sendWithEnter: boolean;
  /** Lets the page put the focus here. */
  inputRef: RefObject<HTMLTextAreaElement | null>;
  /** Lets the page put words here and ask for help with them. */
  controlRef?: RefObject<ComposerControl | null> | undefined;
  /** What `/` offers; unknown ones are sent as text. */
  commands: readonly SlashCommand[];
  /** Names that `@` offers; none outside rooms. */
  mentions: readonly string[];
  onSend: (text: string, attachments: readonly string[]) => void;
  onStop: () => void;
  /** Opens the person's own buttons; absent where there can be none. */
  onQuickReplies?: (() => void) | undefined;
}

/** Where one writes. Enter sends unless an input method is composing; `/` opens commands, `@` names. */
export function Composer(props: ComposerProps) {
  const { conversationId, replying, inputRef, pending } = props;
  const composer = useComposer(props);
  const [recorder, setRecorder] = useState<VoiceRecorder | null>(null);
  const { text, send } = composer;

  // The box is there again only after the bar has gone.
  function closeRecorder(words: string | null): void {
    if (words !== null) composer.insert(words);
    setRecorder(null);
    requestAnimationFrame(() => inputRef.current?.focus());
  }

  return (
    <form
      className={classes['composer']}
      data-person={props.person !== undefined}
      data-words-only={props.wordsOnly}
      data-helped={props.helped ?? true}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {recorder === null ? (
        <>
          {props.above}
          <ComposerMenu menu={composer.menu} />
          <WritingHelp {...composer} onTake={composer.insert} />
          <Hint hint={composer.hint} />
          {props.person}
          <AttachmentRow {...{ conversationId, pending }} />
          <Field {...props} composer={composer} />
          <HelpButtons
            {...props}
            composer={composer}
            helped={props.helped !== false}
            onFiles={props.wordsOnly === true ? undefined : pending.add}
          />
          {props.wordsOnly !== true && <MicrophoneButton onRecord={setRecorder} />}
          <SendOrStop
            replying={replying && text.trim() === '' && pending.files.length === 0}
            sendable={composer.sendable}
            onStop={props.onStop}
          />
        </>
      ) : (
        <VoiceBar {...{ conversationId, recorder }} onWords={closeRecorder} onClose={() => closeRecorder(null)} />
      )}
      <TooLong excess={composer.excess} />
    </form>
  );
}

interface HelpButtonsProps extends Pick<ComposerProps, 'onQuickReplies'> {
  composer: ComposerState;
  helped: boolean;
  /** Absent where no files go along. */
  onFiles: PendingFiles['add'] | undefined;
}

function HelpButtons({ composer, helped, onFiles, onQuickReplies }: HelpButtonsProps) {
  const items = {
    onImpersonate: () => void composer.impersonation.start(),
    onSuggest: () => void composer.suggestions.start(),
    onCommands: composer.openCommands,
    onQuickReplies,
  };
  const narrow = useIsNarrow();
  // Where no files go along, its items have no other menu to stand in.
  if (onFiles === undefined) return helped ? <WritingButton {...items} /> : null;
  return (
    <>
      {!narrow && <WritingButton {...items} />}
      <AttachButton onFiles={onFiles}>
        <WritingItems {...items} />
      </AttachButton>
    </>
  );
}

function Hint({ hint }: { hint: ComposerState['hint'] }) {
  if (hint === null) return null;
  return (
    <p className={commandClasses['hint']} role={hint.kind === 'problem' ? 'alert' : 'status'}>
      {hint.text}
    </p>
  );
}

function TooLong({ excess }: { excess: number }) {
  const { t } = useTranslation('talk');
  if (excess <= 0) return null;
  return (
    <p className={classes['problem']} role="alert">
      {t('composer.tooLong', { count: excess, formatted: formatNumber(excess) })}
    </p>
  );
}

interface FieldProps extends Pick<ComposerProps, 'inputRef' | 'name' | 'placeholder' | 'pending'> {
  composer: ComposerState;
}

function Field({ inputRef, name, placeholder, pending, composer }: FieldProps) {
  const { t } = useTranslation('talk');
  const { text, menu } = composer;
  const open = menu.options.length > 0;
  return (
    <textarea
      ref={inputRef}
      className={classes['input']}
      rows={1}
      aria-label={t('composer.label', { name })}
      aria-autocomplete="list"
      aria-controls={open ? menu.listId : undefined}
      aria-activedescendant={open ? menu.optionId(menu.active) : undefined}
      placeholder={placeholder ?? t('composer.placeholder', { name })}
      value={text}
      enterKeyHint="send"
      onChange={({ currentTarget }) => composer.type(currentTarget.value, currentTarget.selectionStart)}
      onSelect={({ currentTarget }) => composer.moveCaret(currentTarget.selectionStart)}
      onPaste={(event: ClipboardEvent<HTMLTextAreaElement>) => pasteFiles(event, pending.add)}
      onKeyDown={composer.answerKey}
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
  const stopKey = useHotkeyLabel('stop');
  if (replying) {
    return (
      <button
        key="stop"
        type="button"
        className={classes['button']}
        aria-label={t('composer.stop')}
        title={stopKey.title(t('composer.stop'))}
        aria-keyshortcuts={stopKey.aria}
        onClick={onStop}
      >
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
