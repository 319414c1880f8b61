import { findMentions, type Named } from './find-mentions.ts';
import { soundWords, unlikeness, type SoundedWord } from './name-sounds.ts';

/** UTF-16 units of what was said that are looked at; a spoken turn is short. */
const LOOKED_AT = 2000;
/** Fewer sounds are in too many words. */
const FEWEST_SOUNDS = 3;
/** Words or characters that one name may be heard as. */
const LONGEST_NAME = 5;
/** Unlikeness to which a word that is called, or one written as a name, is taken for a name. */
const NEAR = { called: 0.22, written: 0.13 };

/** After which somebody is spoken to or of; after `and` and `和` where others are called. */
const BEFORE_NAME =
  /(?:^|[.!?,;:。！？，、；：…\n]|\b(?:hey|hi|hello|ok|okay|and|ask|tell|dear|with|for|about|from)|问|叫|请|让|跟|和|喂|嘿|嗨|给|找|听)\s*["“‘]?$/iu;
/** Before which somebody is spoken to, where a sentence begins with them. */
const AFTER_NAME =
  /^\s*(?:$|[.!?,;:。！？，、；：…\n]|(?:what|who|how|why|when|where|which|can|could|do|did|does|are|will|would|should|have|tell|please|you|your|let|i|and|or)\b|[你您呢吧啊呀和跟怎觉说来也])/iu;

/** Characters of everyday speech that names do not hold: what is heard with them is no name. */
const NO_NAME = /[你我他她您们的了是吗呢吧不在]/u;

interface Hit {
  participantId: string;
  start: number;
  end: number;
  distance: number;
}

/**
 * Whom somebody means who was heard by a recogniser, in the order of first mention. Names as they are written count as
 * in texts (`findMentions`); beside them whatever sounds like one: Han by toneless pinyin, Latin by its sounds, each
 * also across scripts. What merely comes near counts only where a name is likely: called, or written large.
 */
export function findHeardNames(text: string, people: readonly Named[]): string[] {
  const written = findMentions(text, people);
  const looked = text.slice(0, LOOKED_AT);
  const words = soundWords(looked);
  const hits = people.flatMap(({ participantId, names }) =>
    names.flatMap((name) => hear({ text: looked, words, name }).map((hit) => ({ participantId, ...hit }))),
  );
  const heard = withoutRivals(hits).toSorted((left, right) => left.start - right.start);
  return [...new Set([...written, ...heard.map(({ participantId }) => participantId)])];
}

function hear({
  text,
  words,
  name,
}: {
  text: string;
  words: readonly SoundedWord[];
  name: string;
}): Omit<Hit, 'participantId'>[] {
  const nameWords = soundWords(name);
  const sounds = nameWords.map((word) => word.sounds).join('');
  const isOneCharacter = nameWords.length === 1 && nameWords[0]?.isHan === true;
  if (sounds.length < FEWEST_SOUNDS || isOneCharacter) return [];
  const isHanName = nameWords.every(({ isHan }) => isHan);
  const hits: Omit<Hit, 'participantId'>[] = [];
  for (const [from, first] of words.entries()) {
    for (let size = 1; size <= LONGEST_NAME && from + size <= words.length; size += 1) {
      const window = words.slice(from, from + size);
      const last = window.at(-1) ?? first;
      const isHan = window.every((word) => word.isHan);
      if ((size > 1 && !isJoined(text, window)) || (isHanName && isHan && size !== nameWords.length)) continue;
      const place = { start: first.start, end: last.end };
      if (isHan && NO_NAME.test(text.slice(place.start, place.end))) continue;
      const distance = unlikeness(window.map((word) => word.sounds).join(''), sounds);
      if (isMeant({ text, place, distance, isHan })) hits.push({ ...place, distance });
    }
  }
  return hits;
}

/** Nothing but spaces stands between the words: a name does not run over a comma. */
function isJoined(text: string, window: readonly SoundedWord[]): boolean {
  return window.every((word, index) => {
    const next = window[index + 1];
    return next === undefined || /^[\s·-]*$/u.test(text.slice(word.end, next.start));
  });
}

function isMeant({
  text,
  place: { start, end },
  distance,
  isHan,
}: {
  text: string;
  place: { start: number; end: number };
  distance: number;
  isHan: boolean;
}): boolean {
  if (distance > NEAR.called) return false;
  const before = text.slice(Math.max(0, start - 12), start);
  const isCalled = BEFORE_NAME.test(before) && AFTER_NAME.test(text.slice(end, end + 12));
  if (isCalled) return true;
  if (isHan) return distance === 0;
  const isCased = /\p{Lu}/u.test(text);
  const isLarge = /^\p{Lu}/u.test(text.slice(start, end)) && !/(?:^|[.!?。！？…\n])\s*["“‘]?$/u.test(before);
  return isCased ? isLarge && distance <= NEAR.written : distance === 0;
}

/** Of hits in one place the likest; where two people are equally like, nobody is meant. */
function withoutRivals(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = [];
  const sorted = hits.toSorted(
    (left, right) => left.distance - right.distance || right.end - right.start - (left.end - left.start),
  );
  for (const hit of sorted) {
    const over = (other: Hit) => hit.start < other.end && other.start < hit.end;
    if (kept.some(over)) continue;
    const isRivalled = sorted.some(
      (other) => over(other) && other.participantId !== hit.participantId && other.distance === hit.distance,
    );
    if (!isRivalled) kept.push(hit);
  }
  return kept;
}
