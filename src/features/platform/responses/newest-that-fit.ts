import type { StoredItem } from '../../../../contract/openai/response-items.ts';

/** What a chat template puts around an item, in tokens. */
const AROUND_TOKENS = 8;

/**
 * The newest of what was said before that fit in `room` tokens. They begin with words of a person, so that no output of
 * a tool stands without its call.
 */
export function newestThatFit(
  items: readonly StoredItem[],
  { counts, room }: { counts: readonly number[]; room: number },
) {
  let start = items.length;
  let left = room;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    left -= (counts[index] ?? 0) + AROUND_TOKENS;
    if (left < 0) break;
    if (items[index]?.['role'] === 'user') start = index;
  }
  return items.slice(start);
}
