import { diffWordsWithSpace } from 'diff';

export interface WordRun {
  text: string;
  changed: boolean;
}

/** Words of two lines, with those that only one has marked; undefined where the lines have too little in common. */
export function changedWords(left: string, right: string): { left: WordRun[]; right: WordRun[] } | undefined {
  const changes = diffWordsWithSpace(left, right, { intlSegmenter: segmenter, maxEditLength: MAX_CHANGES });
  if (changes === undefined) return undefined;
  const shared = changes.reduce((sum, { value, added, removed }) => sum + (added || removed ? 0 : value.length), 0);
  if (shared * 3 < Math.min(left.length, right.length)) return undefined;
  return {
    left: changes.filter(({ added }) => !added).map(({ value, removed }) => ({ text: value, changed: removed })),
    right: changes.filter(({ removed }) => !removed).map(({ value, added }) => ({ text: value, changed: added })),
  };
}

/** Words of every script: Chinese and Japanese put no spaces between theirs. */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
/** Changed words of a line after which marking them helps nobody. */
const MAX_CHANGES = 200;
