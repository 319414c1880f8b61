import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';

const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Many servers send a model's thinking inside its answer, between `<think>` and `</think>` at the very beginning. This
 * turns that stretch into reasoning parts, so that no character is heard thinking aloud. Later tags are left alone.
 */
export function createThinkingSplitter(): (part: LanguageModelV4StreamPart) => LanguageModelV4StreamPart[] {
  /** looking: nothing but a possible tag so far · thinking: inside it · after: the tag closed · done: plain text */
  let state: 'looking' | 'thinking' | 'after' | 'done' = 'looking';
  let held = '';
  const id = 'thinking';

  const take = (part: Extract<LanguageModelV4StreamPart, { type: 'text-delta' }>): LanguageModelV4StreamPart[] => {
    held += part.delta;
    const parts: LanguageModelV4StreamPart[] = [];
    if (state === 'looking') {
      const start = held.trimStart();
      if (start.length < OPEN.length && OPEN.startsWith(start)) return [];
      if (start.startsWith(OPEN)) {
        held = start.slice(OPEN.length);
        state = 'thinking';
        parts.push({ type: 'reasoning-start', id });
      } else state = 'done';
    }
    if (state === 'thinking') {
      const end = held.indexOf(CLOSE);
      const ready = end === -1 ? held.slice(0, held.length - possibleTail(held)) : held.slice(0, end);
      if (ready !== '') parts.push({ type: 'reasoning-delta', id, delta: ready });
      held = end === -1 ? held.slice(ready.length) : held.slice(end + CLOSE.length);
      if (end === -1) return parts;
      parts.push({ type: 'reasoning-end', id });
      state = 'after';
    }
    if (state === 'after') {
      held = held.trimStart();
      if (held === '') return parts;
      state = 'done';
    }
    if (held !== '') parts.push({ ...part, delta: held });
    held = '';
    return parts;
  };

  /** What is still held when the answer ends, a thought that never closed included. */
  const flush = (part: LanguageModelV4StreamPart): LanguageModelV4StreamPart[] => {
    const rest = held;
    const wasThinking = state === 'thinking';
    held = '';
    state = 'done';
    if (wasThinking) {
      const delta: LanguageModelV4StreamPart[] = rest === '' ? [] : [{ type: 'reasoning-delta', id, delta: rest }];
      return [...delta, { type: 'reasoning-end', id }];
    }
    if (rest === '') return [];
    return [{ type: 'text-delta', id: part.type === 'text-end' ? part.id : 'text', delta: rest }];
  };

  return (part) => {
    if (part.type === 'text-delta' && state !== 'done') return take(part);
    if (part.type === 'text-end' || part.type === 'finish') return [...flush(part), part];
    return [part];
  };
}

/** How many characters at the end could be the beginning of the closing tag. */
function possibleTail(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(CLOSE.slice(0, length))) return length;
  }
  return 0;
}
