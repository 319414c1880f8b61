import type { LoreFired, TestedLore } from '../../../contract/lore.ts';
import { slashedPattern } from '../../lore/keys/slashed-pattern.ts';

type Match = TestedLore['matches'][number];

/** Marks for the eye, newest messages first; more would help nobody. */
const MAX_MATCHES = 200;
/** UTF-16 units looked through for each key, over all messages. */
const MAX_TEXT = 200_000;

/**
 * Where the keys that called entries stand in the messages. For people's eyes: patterns, and keys in a form that only
 * the engine sees (folded accents), have no place here.
 */
export function findMatches({
  fired,
  messages,
  renderKey,
}: {
  fired: readonly LoreFired[];
  messages: readonly { text: string }[];
  renderKey: (key: string) => string;
}): Match[] {
  const matches: Match[] = [];
  for (const { key, reason, bookId, uid } of fired) {
    if (key === null || reason === 'regex' || slashedPattern(key)) continue;
    const find = finderOf(renderKey(key));
    let looked = 0;
    for (let message = messages.length - 1; message >= 0 && looked < MAX_TEXT; message -= 1) {
      const text = messages[message]?.text ?? '';
      looked += text.length;
      for (const place of find(text)) {
        if (matches.length >= MAX_MATCHES) return matches;
        matches.push({ bookId, uid, message, ...place });
      }
    }
  }
  return matches;
}

function finderOf(key: string): (text: string) => { start: number; end: number }[] {
  if (key.trim() === '') return () => [];
  const literal = new RegExp(key.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`), 'giu');
  return (text) =>
    [...text.matchAll(literal)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
}
