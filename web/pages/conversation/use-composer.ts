import { useEffect, useImperativeHandle, useLayoutEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { MESSAGE_TEXT_LIMIT } from '../../../contract/messages.ts';
import { dropDraft, keepDraft, readDraft } from '../../state/drafts.ts';
import { useAutoGrow } from '../../ui/use-auto-grow.ts';
import { describeWith } from './commands/describe-command.ts';
import { commandWord, findCommand, type SlashCommand } from './commands/slash-command.ts';
import { useComposerMenu, type ComposerMenuState } from './commands/use-composer-menu.ts';
import { usePaletteTalk } from './commands/use-palette-talk.ts';
import type { ComposerProps } from './composer.tsx';
import { useImpersonation, type Impersonation } from './writing/use-impersonation.ts';
import { useSuggestions, type Suggestions } from './writing/use-suggestions.ts';

/** What the page around the message box can ask of it. */
export interface ComposerControl {
  /** Puts words into the box: after what stands there, and the person goes on writing. */
  insert: (words: string) => void;
  impersonate: () => void;
  suggest: () => void;
}

/** Said above the box of what is written in it. */
export interface ComposerHint {
  kind: 'problem' | 'hint';
  text: string;
}

export interface ComposerState {
  text: string;
  /** What the person types. */
  type: (text: string, caret: number) => void;
  moveCaret: (caret: number) => void;
  insert: (words: string) => void;
  openCommands: () => void;
  send: () => void;
  sendable: boolean;
  /** Letters beyond what a message may have; 0 or less = it fits. */
  excess: number;
  menu: ComposerMenuState;
  answerKey: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  hint: ComposerHint | null;
  impersonation: Impersonation;
  suggestions: Suggestions;
}

/** What stands in the message box, and everything that changes it. Keeps the draft of each conversation. */
export function useComposer(props: ComposerProps): ComposerState {
  const { conversationId, pending, mentions } = props;
  const box = useBox(props);
  const { text, write } = box;
  const impersonation = useImpersonation({ conversationId, text, setText: box.setText });
  const suggestions = useSuggestions(conversationId);
  const all = useAllCommands(props.commands, { impersonation, suggestions });
  // Help with writing is the host's.
  const commands = props.wordsOnly === true ? props.commands : all;
  const run = useRun(box);
  const excess = text.length - MESSAGE_TEXT_LIMIT;
  const sendable = (text.trim() !== '' || pending.ids.length > 0) && excess <= 0 && !pending.busy;
  const insert = (words: string) => {
    impersonation.settle();
    write(joinWords(text, words));
  };
  const complete = (command: SlashCommand) => write(`/${command.name} `);

  function send(): void {
    const written = findCommand(text, commands);
    if (written !== null) {
      const { command, argument } = written;
      if (command.argument?.required === true && argument === '') complete(command);
      else void run(command, argument);
      return;
    }
    if (!sendable) return;
    impersonation.settle();
    suggestions.close();
    handOver(props, box);
  }

  const runCommand = (command: SlashCommand) => void run(command, '');
  const menu = useComposerMenu({ text, caret: box.caret, commands, mentions, write, runCommand });
  usePaletteTalk(commands, { run: (command) => void run.aside(command), complete });
  useControl(props.controlRef, { insert, impersonation, suggestions });
  return {
    text,
    insert,
    send,
    sendable,
    excess,
    menu,
    impersonation,
    suggestions,
    type: (next, at) => {
      impersonation.settle();
      box.type(next, at);
      // A command is nobody's to wait for.
      props.onTyping?.(next.trim() !== '' && !next.startsWith('/'));
    },
    moveCaret: box.setCaret,
    openCommands: () => write('/'),
    answerKey: (event) => answerKey(event, { ...props, text, send, menu, impersonation }),
    hint: useHint({ text, problem: box.problem, commands, menu }),
  };
}

/** Sends what stands in the box and empties it. */
function handOver(
  { onSend, onTyping, pending, conversationId, inputRef }: ComposerProps,
  { text, setText }: Box,
): void {
  onSend(text, pending.ids);
  setText('');
  onTyping?.(false);
  pending.clear();
  dropDraft(conversationId);
  inputRef.current?.focus();
}

function useControl(
  ref: ComposerProps['controlRef'],
  { insert, impersonation, suggestions }: Pick<ComposerState, 'insert' | 'impersonation' | 'suggestions'>,
): void {
  useImperativeHandle(ref, () => ({
    insert,
    impersonate: () => void impersonation.start(),
    suggest: () => void suggestions.start(),
  }));
}

interface Box {
  text: string;
  setText: (text: string) => void;
  caret: number;
  setCaret: (caret: number) => void;
  /** Why the last command could not be done. */
  problem: string | null;
  setProblem: (problem: string | null) => void;
  type: (text: string, caret: number) => void;
  /** Puts a text there for the person to go on with, the caret at its end or where it is said. */
  write: (text: string, caret?: number) => void;
}

function useBox({ conversationId, inputRef }: Pick<ComposerProps, 'conversationId' | 'inputRef'>): Box {
  const [text, setText] = useState(() => readDraft(conversationId));
  const [caret, setCaret] = useState(text.length);
  const [placed, setPlaced] = useState<{ at: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useAutoGrow(inputRef, text);
  useEffect(() => keepDraft(conversationId, text), [conversationId, text]);
  function type(next: string, at: number): void {
    setText(next);
    setCaret(at);
    setProblem(null);
  }
  // In the commit that shows the text: a frame later the person may already have typed on.
  useLayoutEffect(() => {
    if (placed === null) return;
    inputRef.current?.focus();
    inputRef.current?.setSelectionRange(placed.at, placed.at);
  }, [inputRef, placed]);
  function write(next: string, at = next.length): void {
    type(next, at);
    setPlaced({ at });
    // A menu that closes gives the focus back to its button.
    requestAnimationFrame(() => inputRef.current?.focus());
  }
  return { text, setText, caret, setCaret, problem, setProblem, type, write };
}

type Run = ((command: SlashCommand, argument: string) => Promise<void>) & {
  /** Not written in the box: what stands there stays. */
  aside: (command: SlashCommand) => Promise<void>;
};

function useRun({ text, write, type, setProblem }: Box): Run {
  async function run(command: SlashCommand, argument: string): Promise<void> {
    // First, so that what the command puts there stays. A command may also open a dialog, which takes the focus.
    type('', 0);
    const trouble = await command.run(argument);
    if (typeof trouble !== 'string') return;
    write(text);
    setProblem(trouble);
  }
  async function aside(command: SlashCommand): Promise<void> {
    const trouble = await command.run('');
    if (typeof trouble === 'string') setProblem(trouble);
  }
  return Object.assign(run, { aside });
}

/** Those of the conversation, and those of the box itself. */
function useAllCommands(
  commands: readonly SlashCommand[],
  { impersonation, suggestions }: Pick<ComposerState, 'impersonation' | 'suggestions'>,
): readonly SlashCommand[] {
  const { t } = useTranslation('compose');
  const describe = describeWith(t);
  return [
    ...commands,
    {
      ...describe('impersonate'),
      argument: { label: t('argument.wish'), required: false },
      run: (wish) => void impersonation.start(wish),
    },
    { ...describe('suggest'), run: () => void suggestions.start() },
  ];
}

interface HintOptions {
  text: string;
  problem: string | null;
  commands: readonly SlashCommand[];
  menu: ComposerMenuState;
}

function useHint({ text, problem, commands, menu }: HintOptions): ComposerHint | null {
  const { t } = useTranslation('compose');
  if (problem !== null) return { kind: 'problem', text: problem };
  const word = commandWord(text);
  if (word === null || menu.options.length > 0) return null;
  const written = findCommand(text, commands);
  if (written === null) return { kind: 'hint', text: t('unknownCommand', { word: `/${word}` }) };
  const { name, description, argument } = written.command;
  const form = argument === undefined ? `/${name}` : `/${name} ${argument.label}`;
  return { kind: 'hint', text: t('commandHint', { form, description }) };
}

interface KeyOptions extends Pick<ComposerProps, 'sendWithEnter'> {
  text: string;
  send: () => void;
  menu: ComposerMenuState;
  impersonation: Impersonation;
}

function answerKey(event: KeyboardEvent<HTMLTextAreaElement>, options: KeyOptions): void {
  const { text, send, sendWithEnter, menu, impersonation } = options;
  // 229: Safari ends a composition before the Enter that confirmed it arrives.
  if (event.nativeEvent.isComposing || event.keyCode === 229) return;
  if (menu.answerKey(event)) return;
  if (event.key === 'Escape' && impersonation.state === 'writing') {
    event.preventDefault();
    impersonation.stop();
    return;
  }
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
  const command = event.ctrlKey || event.metaKey;
  // Ctrl+Enter in an empty box is the page's shortcut to write the last reply again.
  if (command ? text.trim() === '' : !sendWithEnter) return;
  event.preventDefault();
  send();
}

/** What was dictated or suggested follows what was written. */
function joinWords(text: string, words: string): string {
  if (text.trim() === '') return words;
  return /\s$/.test(text) || /\p{Script=Han}[，。！？]?$/u.test(text) ? text + words : `${text} ${words}`;
}
