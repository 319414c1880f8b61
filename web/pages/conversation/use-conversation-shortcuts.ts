import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { Preferences } from '../../../contract/accounts.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { HotkeyAction } from '../../../contract/hotkeys.ts';
import type { Message } from '../../../contract/messages.ts';
import { actionOf } from '../../state/hotkeys.ts';
import { listenForKeys } from '../../state/listen-for-keys.ts';
import type { MessageHandlers } from './message-handlers.ts';
import { isEditable, isOwn } from './own-message.ts';

export interface ConversationShortcutOptions {
  preferences: Pick<Preferences, 'shortcuts' | 'hotkeys'>;
  conversation: Conversation;
  /** The end of the path; empty while it is not shown. */
  path: readonly Message[];
  replying: boolean;
  input: RefObject<HTMLTextAreaElement | null>;
  handlers: MessageHandlers;
  stop: () => void;
}

/** Those that are answered here, as the keyboard page lists them. */
const ACTIONS = [
  'editLast',
  'editOwn',
  'previousVersion',
  'nextVersion',
  'regenerate',
  'continue',
  'stop',
  'focus',
] as const satisfies readonly HotkeyAction[];
type Action = (typeof ACTIONS)[number];

/** The keys of a conversation. Those that write need an empty message box. */
export function useConversationShortcuts(options: ConversationShortcutOptions): void {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { shortcuts, hotkeys } = latest.current.preferences;
      if (!shortcuts) return;
      const action = actionOf(event, { chosen: hotkeys, among: ACTIONS });
      if (action !== null && answer(action, { ...latest.current, target: targetOf(event) })) event.preventDefault();
    };
    return listenForKeys(onKeyDown);
  }, []);
}

interface AnswerOptions extends ConversationShortcutOptions {
  target: HTMLElement;
}

/** True when the action meant something here. */
function answer(action: Action, options: AnswerOptions): boolean {
  const { replying, input, stop, target } = options;
  const box = input.current;
  const inOtherField = target !== box && target.closest('input, textarea, select, [contenteditable]') !== null;
  if (action === 'focus') {
    box?.focus();
    return true;
  }
  if (action === 'stop') {
    if (replying && !inOtherField) stop();
    return replying;
  }
  if (inOtherField || box === null || box.value !== '') return false;
  if (action === 'editLast' || action === 'editOwn') return edit(action, options);
  return !replying && replyAgain(action, options);
}

function edit(action: 'editLast' | 'editOwn', { path, conversation, handlers, target, input }: AnswerOptions): boolean {
  // Elsewhere the arrows scroll.
  if (target !== input.current) return false;
  const fits = action === 'editOwn' ? isOwn : isEditable;
  const message = path.findLast((one) => fits(one, conversation));
  if (message !== undefined) handlers.startEdit(message.id);
  return message !== undefined;
}

function replyAgain(
  action: Exclude<Action, 'focus' | 'stop' | 'editLast' | 'editOwn'>,
  { path, input, handlers, target }: AnswerOptions,
): boolean {
  const last = path.at(-1);
  if (last === undefined) return false;
  if (action === 'regenerate' || action === 'continue') {
    if (last.author.kind !== 'character') return false;
    if (action === 'regenerate') handlers.regenerate(last.id);
    else handlers.continueReply(last.id);
    return true;
  }
  const message = target === input.current ? last : pointedMessage(target, path);
  return message !== undefined && swipe(message, { step: action === 'previousVersion' ? -1 : 1, handlers });
}

function targetOf(event: KeyboardEvent): HTMLElement {
  return event.target instanceof HTMLElement ? event.target : document.body;
}

/** The message in which the focus is, so that every one of them can be swiped by keyboard. */
function pointedMessage(target: HTMLElement, path: readonly Message[]): Message | undefined {
  if (target.closest('[role="menu"]') !== null) return undefined;
  const id = target.closest<HTMLElement>('[data-message]')?.dataset['message'];
  return path.find((message) => message.id === id);
}

function swipe(message: Message, { step, handlers }: { step: number; handlers: MessageHandlers }): boolean {
  const sibling = message.siblings[message.siblings.indexOf(message.id) + step];
  if (sibling === undefined) return false;
  handlers.choose(sibling);
  return true;
}
