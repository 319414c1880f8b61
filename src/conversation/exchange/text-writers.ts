import type { MessageNode } from '../tree-types.ts';
import type { WrittenChat } from './written-chat.ts';
import { writtenParts } from './written-parts.ts';
import { writtenTime, writtenWords, type WrittenWords } from './written-words.ts';

/** Plain text: who, when, what; calls of tools, files and sources in brackets. Swipes, thoughts and formats of other programs are left behind. */
export async function* writePlainText(chat: WrittenChat): AsyncGenerator<string> {
  const words = writtenWords(chat.locale);
  yield `${chat.title}\n${words.with(chat.characterName, chat.userName)}\n\n`;
  for await (const { message } of chat.steps) {
    const parts = writtenParts(message.parts, words).map(({ kind, text }) => (kind === 'said' ? text : `[${text}]`));
    yield `${speaker(message, words)} (${writtenTime(message.createdAt)}${mark(message, words)}):\n${parts.join('\n\n')}\n\n`;
  }
}

/** Markdown: what was said is Markdown already. Thoughts, calls of tools, files and sources are quoted; swipes are left behind. */
export async function* writeMarkdown(chat: WrittenChat): AsyncGenerator<string> {
  const words = writtenWords(chat.locale);
  yield `# ${inline(chat.title)}\n\n*${inline(words.with(chat.characterName, chat.userName))}*\n`;
  for await (const { message } of chat.steps) {
    yield `\n---\n\n**${inline(speaker(message, words))}** · ${writtenTime(message.createdAt)}${mark(message, words)}\n\n`;
    const thoughts = reasoningOf(message);
    if (thoughts !== '') {
      const lines = thoughts.split('\n').map((line) => `> ${line}`);
      yield `> *${words.thoughts}*\n>\n${lines.join('\n')}\n\n`;
    }
    const parts = writtenParts(message.parts, words).map(({ kind, text }) =>
      kind === 'said' ? text : `> ${inline(text)}`,
    );
    yield `${parts.join('\n\n')}\n`;
  }
}

export function speaker({ author }: MessageNode, words: WrittenWords): string {
  return author.name || words.narrator;
}

export function reasoningOf({ parts }: Pick<MessageNode, 'parts'>): string {
  return parts.flatMap((part) => (part.type === 'reasoning' ? [part.text] : [])).join('\n\n');
}

function mark({ hidden }: MessageNode, words: WrittenWords): string {
  return hidden ? `, ${words.hidden}` : '';
}

function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+\-!|]/g, String.raw`\$&`);
}
