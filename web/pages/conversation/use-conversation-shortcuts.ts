import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { Message } from '../../../contract/messages.ts';
import { isDialogOpen } from '../../state/is-dialog-open.ts';
import type { MessageHandlers } from './message-handlers.ts';

export interface ConversationShortcutOptions {
  enabled: boolean;
  path: readonly Message[];
  replying: boolean;
  input: RefObject<HTMLTextAreaElement | null>;
  handlers: MessageHandlers;
  stop: () => Promise<unknown>;
}

/** The keys of a conversation (the Keyboard page lists them). Those that write need an empty message box. */
export function useConversationShortcuts(options: ConversationShortcutOptions): void {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isDialogOpen() || !latest.current.enabled) return;
      if (handleKey(event, latest.current)) event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

/** True when the key meant something here. */
function handleKey(
  event: KeyboardEvent,
  { path, replying, input, handlers, stop }: ConversationShortcutOptions,
): boolean {
  const last = path.at(-1);
  const box = input.current;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const inOtherField = target !== box && target.closest('input, textarea, select, [contenteditable]') !== null;
  if (event.key === 'Escape') {
    if (event.shiftKey) box?.focus();
    else if (replying && !inOtherField) void stop();
    return event.shiftKey || replying;
  }
  if (inOtherField || last === undefined || box === null || box.value !== '' || replying) return false;
  const isReply = last.author.kind !== 'human';
  const command = event.ctrlKey || event.metaKey;
  if (event.key === 'Enter' && isReply && (command || event.altKey)) {
    if (command) handlers.regenerate(last.id);
    else handlers.continueReply(last.id);
    return true;
  }
  const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (step === 0 || command || event.altKey || event.shiftKey) return false;
  const message = target === box ? last : pointedMessage(target, path);
  return message !== undefined && swipe(message, step, handlers);
}

/** The message in which the focus is, so that every one of them can be swiped by keyboard. */
function pointedMessage(target: HTMLElement, path: readonly Message[]): Message | undefined {
  if (target.closest('[role="menu"]') !== null) return undefined;
  const id = target.closest<HTMLElement>('[data-message]')?.dataset['message'];
  return path.find((message) => message.id === id);
}

function swipe(last: Message, step: number, handlers: MessageHandlers): boolean {
  const sibling = last.siblings[last.siblings.indexOf(last.id) + step];
  if (sibling === undefined) return false;
  handlers.choose(sibling);
  return true;
}
