import { messageText } from '../../../client/message-text.ts';
import { cleanText } from '../../../contract/common.ts';
import type { Texts } from '../locales/en.ts';
import type { Terminal } from '../terminal.ts';
import type { ReplyPart } from './follow-reply.ts';

export type ReplyPrinter = (part: ReplyPart) => void;

/** Each part as one line of JSON, for programs. */
export function jsonPrinter(terminal: Terminal): ReplyPrinter {
  return (part) => terminal.print(JSON.stringify(toJson(part)));
}

function toJson(part: ReplyPart): object {
  switch (part.type) {
    case 'reply-start': {
      const { id, conversationId, author } = part.message;
      return { type: part.type, messageId: id, conversationId, author: author.name };
    }
    case 'reply-end': {
      const { id, conversationId, failure } = part.message;
      const text = messageText(part.message);
      return { type: part.type, state: part.state, messageId: id, conversationId, text, failure };
    }
    default:
      return part;
  }
}

/** The words as they come, for people; how far the prompt is read goes beside them. */
export function textPrinter({ terminal, texts }: { terminal: Terminal; texts: Texts }): ReplyPrinter {
  let written = false;
  return (part) => {
    switch (part.type) {
      case 'reply-start':
      case 'reasoning-delta':
        break;
      case 'prompt-progress': {
        const read = part.total === 0 ? 1 : (part.evaluated + part.reused) / part.total;
        if (terminal.notes.isTTY)
          terminal.progress(texts.readingPrompt(Math.min(100, Math.floor(read * 100))), 'reading');
        break;
      }
      case 'text-delta':
        if (!written) terminal.endProgress();
        written = true;
        // A model's words may hold anything, also what steers a terminal.
        terminal.write(cleanText(part.text));
        break;
      case 'tool-change': {
        const { part: call } = part;
        terminal.endProgress();
        if (written) terminal.print();
        written = false;
        terminal.note(texts.toolStates[call.state](cleanText(call.tool), cleanText(call.server)));
        break;
      }
      case 'reply-end':
        terminal.endProgress();
        if (written) terminal.print();
        if (part.state !== 'done') terminal.note(describeEnd(part, texts));
        written = false;
        break;
    }
  };
}

function describeEnd({ state, message }: Extract<ReplyPart, { type: 'reply-end' }>, texts: Texts): string {
  const label = texts.replyStates[state] ?? state;
  if (!message.failure) return label;
  return `${label} ${texts.errors[message.failure.code] ?? message.failure.message}`;
}
