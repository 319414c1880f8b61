import type { Citation } from '../../../contract/attachments.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import { textOf } from '../../conversation/tree-types.ts';
import { CITATION_MARK } from '../../turn/file-words.ts';

/**
 * A reply's parts with the passages that it names. Numbers that were not given stay words and nothing else; `from` is
 * where the reply's own words begin, in UTF-16 units, for one that goes on with earlier ones.
 */
export function withCitations(
  parts: readonly MessagePart[],
  { given, from }: { given: readonly Citation[]; from: number },
): MessagePart[] {
  if (given.length === 0) return [...parts];
  const named = new Set<number>();
  for (const [, list = ''] of textOf(parts).slice(from).matchAll(CITATION_MARK)) {
    for (const number of list.split(/\s*[,，、]\s*/)) named.add(Number(number));
  }
  const passages = given
    .filter(({ number }) => named.has(number))
    .map(({ number, attachmentId, name, position, placeKind, place }) => ({
      number,
      attachmentId,
      name,
      position,
      placeKind,
      place,
    }));
  return passages.length === 0 ? [...parts] : [...parts, { type: 'citations', passages }];
}
