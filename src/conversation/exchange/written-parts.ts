import type { Citation } from '../../../contract/attachments.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import type { ToolPart } from '../../../contract/tool-parts.ts';
import { storyEventText } from '../story-event-text.ts';
import type { WrittenWords } from './written-words.ts';

/** What stands in a message, in order: what was said, and notes on what else is there. */
export interface WrittenPart {
  kind: 'said' | 'note';
  text: string;
}

/** UTF-16 units of a call's arguments or result that a note tells; the rest is counted. */
const MOST_TOLD = 4000;

/** The parts of a message as words. Thoughts are left to the writers; how words were spoken leaves no trace. */
export function writtenParts(parts: readonly MessagePart[], words: WrittenWords): WrittenPart[] {
  return parts.flatMap((part): WrittenPart[] => {
    switch (part.type) {
      case 'text':
        return [{ kind: 'said', text: part.text }];
      case 'event':
        return [{ kind: 'said', text: storyEventText(part, words.locale) }];
      case 'note':
        return [{ kind: 'note', text: part.text }];
      case 'tool':
        return [{ kind: 'note', text: toolNote(part, words) }];
      case 'file':
        return [{ kind: 'note', text: words.file(part.name) }];
      case 'image':
        return [{ kind: 'note', text: words.picture(part.alt === '' ? part.name : `${part.name} (${part.alt})`) }];
      case 'citations':
        return [{ kind: 'note', text: words.sources(part.passages.map((one) => sourceOf(one, words)).join('; ')) }];
      case 'reasoning':
      case 'voice':
        return [];
      default:
        return part satisfies never;
    }
  });
}

/** What was said in a message, or what happened in it: as SillyTavern's `mes`. */
export function saidOf(parts: readonly MessagePart[], words: WrittenWords): string {
  return join(writtenParts(parts, words).filter(({ kind }) => kind === 'said'));
}

/** What is in a message besides words, a line each. */
export function notesOf(parts: readonly MessagePart[], words: WrittenWords): string {
  return writtenParts(parts, words)
    .flatMap(({ kind, text }) => (kind === 'note' ? [text] : []))
    .join('\n');
}

function join(parts: readonly WrittenPart[]): string {
  return parts.map(({ text }) => text).join('\n\n');
}

function toolNote({ tool, server, input, output, state }: ToolPart, words: WrittenWords): string {
  const name = server === '' ? tool : `${tool} (${server})`;
  const result = state === 'done' ? told(output, words) : `${words.toolStates[state]} ${told(output, words)}`.trim();
  return words.tool(`${name} ${told(input, words)} → ${result}`);
}

function told(text: string, words: WrittenWords): string {
  if (text.length <= MOST_TOLD) return text;
  const kept = text.slice(0, MOST_TOLD).toWellFormed();
  return `${kept}… ${words.more(text.length - kept.length)}`;
}

function sourceOf({ number, name, placeKind, place }: Citation, words: WrittenWords): string {
  if (place === '') return `[${number}] ${name}`;
  return `[${number}] ${name}, ${placeKind === 'page' ? words.page(place) : place}`;
}
