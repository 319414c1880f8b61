import { TONES } from './expression-words.ts';
import type { Tone } from './expression-words.ts';

/** Names that mean no tone at all, tried in this order. */
const CALM = ['neutral', 'default', 'calm', 'normal', 'main'];
/** Narration tells of a face more surely than speech does. */
const NARRATION_WEIGHT = 2;
/** Words so far before a stem, in the same clause, that turn it around. */
const DENIAL =
  /(?:\b(?:not|never|no|without|isn't|wasn't|don't|doesn't|didn't|can't|cannot|won't)\s+(?:\w+\s+){0,2}|(?:不|没|没有|别|不再|毫不)[\u3400-\u9fff]{0,2})$/i;

/**
 * Which of a character's expressions suits a passage. A tag that names one decides: `[expression: joy]`, `[joy]`,
 * `<joy>`. Else words of tone are counted: narration (`*…*`, （…）) twice, later ones a little more, denied ones not.
 * Returns one of `names`, or null where the card brings none that fits and none for calm.
 */
export function chooseExpression(text: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return taggedExpression(text, names) ?? toneExpression(text, names) ?? calmExpression(names);
}

/** The text without the tags that only chose an expression. */
export function withoutExpressionTags(text: string, names: readonly string[]): string {
  return text
    .replace(TAG, (tag, named: string | undefined, plain: string | undefined, angled: string | undefined) =>
      named !== undefined || findName(plain ?? angled ?? '', names) !== null ? '' : tag,
    )
    .replace(/^[ \t]+|[ \t]+$/gm, '')
    .trim();
}

const TAG =
  /\[(?:expression|emotion|表情)\s*[:：=]\s*([^\]\n]{1,40})\]|\[([^\]\n:：=]{1,40})\](?!\()|<([\p{L}_-]{1,40})>/giu;

function taggedExpression(text: string, names: readonly string[]): string | null {
  let found: string | null = null;
  for (const [, named, plain, angled] of text.matchAll(TAG)) {
    found = findName(named ?? plain ?? angled ?? '', names) ?? found;
  }
  return found;
}

function toneExpression(text: string, names: readonly string[]): string | null {
  const scored = TONES.map((tone) => ({ tone, score: scoreOf(tone, text) })).filter(({ score }) => score > 0);
  // Stable: of equals the one that stands first in the table.
  scored.sort((a, b) => b.score - a.score);
  for (const { tone } of scored) {
    for (const name of [tone.name, ...tone.alike]) {
      const found = findName(name, names);
      if (found !== null) return found;
    }
  }
  return null;
}

function calmExpression(names: readonly string[]): string | null {
  for (const calm of CALM) {
    const found = findName(calm, names);
    if (found !== null) return found;
  }
  return null;
}

/** `joy`, `Joy`, `joy-1` and `joy.png` are the same expression. */
function findName(wanted: string, names: readonly string[]): string | null {
  const key = nameKey(wanted);
  if (key === '') return null;
  return names.find((name) => nameKey(name) === key) ?? null;
}

function nameKey(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\.(?:png|jpe?g|webp|gif|avif)$/, '')
    .replace(/[-_ ]?\d+$/, '');
}

function scoreOf({ english, chinese }: Tone, text: string): number {
  const lower = text.toLowerCase();
  const narrated = narratedRanges(lower);
  let score = 0;
  for (const stem of [...english, ...chinese]) {
    const isWord = /^[a-z]/.test(stem);
    for (let at = lower.indexOf(stem); at >= 0; at = lower.indexOf(stem, at + stem.length)) {
      if (isWord && at > 0 && /[a-z]/.test(lower[at - 1] ?? '')) continue;
      if (DENIAL.test(lower.slice(Math.max(0, at - 32), at))) continue;
      const inNarration = narrated.some(([from, to]) => at >= from && at < to);
      score += (inNarration ? NARRATION_WEIGHT : 1) * (1 + at / (lower.length * 2));
    }
  }
  return score;
}

function narratedRanges(text: string): [number, number][] {
  return [...text.matchAll(/\*[^*\n]+\*|（[^）\n]+）|\([^)\n]+\)/g)].map((match) => [
    match.index,
    match.index + match[0].length,
  ]);
}
