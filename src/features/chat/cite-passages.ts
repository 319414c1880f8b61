import type { Citation } from '../../../contract/attachments.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import { textOf } from '../../conversation/tree-types.ts';
import { supportingPassages } from '../../memory/files/supporting-passages.ts';
import type { AssembledPrompt } from '../../turn/assemble-prompt.ts';
import { CITATION_MARK } from '../../turn/file-words.ts';

/**
 * A reply's parts with the passages that it names, and then those that hold what it says without being named: they are
 * found by their words and marked as found by the house, for the model claims nothing of them. Numbers that were not
 * given stay words and nothing else. `from` is where the reply's own words begin, in UTF-16 units, for one that goes on with earlier
 * ones.
 */
export function withCitations(
  parts: readonly MessagePart[],
  { assembled, from }: { assembled: Pick<AssembledPrompt, 'files' | 'chunks'> | undefined; from: number },
): MessagePart[] {
  const given = assembled?.files ?? [];
  if (!assembled || given.length === 0) return [...parts];
  const said = textOf(parts).slice(from);
  const numbers = numbersIn(said);
  const named = given.filter(({ number }) => numbers.has(number)).map(toCitation);
  const asked = assembled.chunks.findLast(({ said: isSaid, role }) => isSaid && role === 'user')?.text ?? '';
  const found = supportingPassages(said, { asked, passages: given.map(({ text }) => text) }).flatMap((index) => {
    const passage = given[index];
    const isNew = passage !== undefined && !numbers.has(passage.number);
    return isNew ? [{ ...toCitation(passage), foundBy: 'house' as const }] : [];
  });
  const passages = [...named, ...found];
  return passages.length === 0 ? [...parts] : [...parts, { type: 'citations', passages }];
}

function numbersIn(said: string): Set<number> {
  const lists = [...said.matchAll(CITATION_MARK)].map(([, list = '']) => list);
  return new Set(lists.flatMap((list) => list.split(/\s*[,，、]\s*/)).map(Number));
}

function toCitation({ number, attachmentId, name, position, placeKind, place }: Citation): Citation {
  return { number, attachmentId, name, position, placeKind, place };
}
