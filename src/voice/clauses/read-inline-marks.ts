import { directionEmotion, emojiEmotion } from './direction-emotion.ts';
import { characterAfter, NOTHING, WAIT, type Found, type MarkupPlace } from './markup-scan.ts';
import { isBracketedDirection, isNarration, isParenthesisedDirection } from './stage-direction.ts';

/** Characters between two marks; a mark whose partner is farther away stands for itself. */
const LONGEST_NARRATION = 600;
const LONGEST_PARENTHESIS = 200;
const LONGEST_TAG = 60;
const LONGEST_LINK = 600;

const WORD = /[\p{L}\p{N}]/u;
const HAN = /\p{Script=Han}/u;
const SIGN =
  /^(?:[[\p{Extended_Pictographic}\p{Regional_Indicator}]--[©®™‼⁉↔-↪〰〽㊗㊙]](?:\p{Emoji_Modifier}|\p{Variation_Selector}|\u200D|\u20E3)*)/v;
const EMOTICON = /^(?:[:;]['’]?-?[()DPp]|:-?[|/](?!\/)|<3|\^_?\^|T_T|>_<)(?![\p{L}\p{N}])/u;
const EMOTICON_PREFIX = /^(?:[:;]['’]?-?|<|\^_?|T_?|>_?)$/u;

/** What Markdown, tags, stage directions and emoji put into a line. */
export function readInlineMarks(place: MarkupPlace): Found {
  const sign = readSign(place);
  if (sign.is !== 'nothing') return sign;
  switch (place.text[place.at]) {
    case '\\':
      return readEscape(place);
    case '*':
    case '_':
    case '~':
      return readStress(place);
    case '(':
      return readPair(place, ')', LONGEST_PARENTHESIS, isParenthesisedDirection);
    case '（':
      return readPair(place, '）', LONGEST_PARENTHESIS, isParenthesisedDirection);
    case '【':
      return readPair(place, '】', LONGEST_PARENTHESIS, () => true);
    case '[':
      return readBracket(place);
    case '!':
      return readImage(place);
    case '<':
      return readTag(place);
    case '`':
      return readCode(place);
    case '|':
      return { is: 'said', end: place.at + 1, as: place.before === '' ? ' ' : ', ' };
    default:
      return NOTHING;
  }
}

function readSign({ text, at, before, ending }: MarkupPlace): Found {
  const rest = text.slice(at, at + 12);
  const sign = SIGN.exec(rest);
  if (sign) return { is: 'silent', end: at + sign[0].length, emotion: emojiEmotion(sign[0]) };
  if (/^(?:\uFE0E|\uFE0F|\u20E3)/u.test(rest)) return { is: 'silent', end: at + 1 };
  if (before !== '' && !/\s/u.test(text[at - 1] ?? ' ') && !HAN.test(before) && !/[.!?。！？]/u.test(before))
    return NOTHING;
  if (!ending && EMOTICON_PREFIX.test(rest)) return WAIT;
  const emoticon = EMOTICON.exec(rest);
  if (!emoticon) return NOTHING;
  if (!ending && emoticon[0].length === rest.length) return WAIT;
  return { is: 'silent', end: at + emoticon[0].length, emotion: emojiEmotion(emoticon[0]) };
}

function readEscape({ text, at, ending }: MarkupPlace): Found {
  const next = text[at + 1];
  if (next === undefined) return ending ? NOTHING : WAIT;
  return /[!-/:-@[-`{-~]/u.test(next) ? { is: 'said', end: at + 2, as: next } : NOTHING;
}

function readStress(place: MarkupPlace): Found {
  const { text, at, ending } = place;
  const mark = text[at] ?? '';
  let end = at;
  while (text[end] === mark) end += 1;
  if (end === text.length && !ending) return WAIT;
  const next = text[end] ?? '';
  const previous = text[at - 1] ?? '';
  if (mark === '~') return end - at >= 2 && WORD.test(next) ? { is: 'silent', end } : NOTHING;
  if (mark === '_' && WORD.test(previous) && WORD.test(next)) return NOTHING;
  if (/\d/u.test(previous) && /\d/u.test(next)) return NOTHING;
  if (end - at > 1) return { is: 'silent', end };
  const opens =
    next !== '' && !/[\s.,;:!?，。；：！？、)]/u.test(next) && !(WORD.test(previous) && !HAN.test(previous));
  if (!opens) return /\s/u.test(next) && /\s/u.test(previous) ? NOTHING : { is: 'silent', end };
  const closing = closingStress(text, at, mark);
  if (closing === null) {
    if (!ending && text.length - at <= LONGEST_NARRATION && !text.includes('\n', at)) return WAIT;
    return unclosedStress(place);
  }
  if (closing + 1 === text.length && !ending) return WAIT;
  const words = text.slice(at + 1, closing);
  const after = characterAfter(place, closing + 1);
  if (after === null) return WAIT;
  const inner: [number, number] = [at + 1, closing];
  if (!isNarration({ words, before: place.before, after })) return { is: 'words', end: closing + 1, inner, mark };
  return { is: 'direction', end: closing + 1, inner, emotion: directionEmotion(words) };
}

function closingStress(text: string, at: number, mark: string): number | null {
  const last = Math.min(text.length, at + 1 + LONGEST_NARRATION);
  for (let index = at + 2; index < last; index += 1) {
    const character = text[index];
    if (character === '\n') return null;
    if (character === '\\') index += 1;
    else if (character === mark) {
      let end = index;
      while (text[end] === mark) end += 1;
      if (end - index === 1 && !/\s/u.test(text[index - 1] ?? '') && !(mark === '_' && WORD.test(text[end] ?? '')))
        return index;
      index = end - 1;
    }
  }
  return null;
}

/** Nobody closed it: a line that begins as a direction is one to its end, other words are said. */
function unclosedStress({ text, at, before, ending }: MarkupPlace): Found {
  const lineEnd = text.indexOf('\n', at);
  const end = lineEnd === -1 ? text.length : lineEnd;
  const words = text.slice(at + 1, end);
  const known = lineEnd !== -1 || ending;
  if (known && before === '' && end - at <= 120 && /^(?:[\p{Ll}]+(?:s|ing|ly)\b|[她他它])/u.test(words)) {
    const emotion = directionEmotion(words);
    if (emotion !== null && !/["“「]/u.test(words)) return { is: 'direction', end, inner: [at + 1, end], emotion };
  }
  return { is: 'silent', end: at + 1 };
}

/** The position of a closing mark in the same line; `null` when there is none, `undefined` when it may still come. */
function closingMark(place: MarkupPlace, closing: string, longest: number): number | null | undefined {
  const { text, at, ending } = place;
  const opening = text[at] ?? '';
  let depth = 0;
  for (let index = at; index < text.length && index - at <= longest; index += 1) {
    const character = text[index];
    if (character === '\n') return null;
    if (character === opening) depth += 1;
    else if (character === closing) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return ending || text.length - at > longest ? null : undefined;
}

function readPair(
  place: MarkupPlace,
  closing: string,
  longest: number,
  isDirection: (marked: { words: string; before: string; after: string }) => boolean,
): Found {
  const found = closingMark(place, closing, longest);
  if (found === undefined) return WAIT;
  if (found === null) return NOTHING;
  const words = place.text.slice(place.at + 1, found);
  const after = characterAfter(place, found + 1);
  if (after === null) return WAIT;
  if (words.trim() === '') return { is: 'silent', end: found + 1 };
  if (!isDirection({ words, before: place.before, after })) return NOTHING;
  return { is: 'direction', end: found + 1, inner: [place.at + 1, found], emotion: directionEmotion(words) };
}

function readBracket(place: MarkupPlace): Found {
  const { text, at, ending } = place;
  const found = closingMark(place, ']', LONGEST_PARENTHESIS);
  if (found === undefined) return WAIT;
  if (found === null) return NOTHING;
  const next = text[found + 1];
  if (next === undefined && !ending) return WAIT;
  const inner: [number, number] = [at + 1, found];
  if (next === '(') {
    const end = closingMark({ ...place, at: found + 1 }, ')', LONGEST_LINK);
    if (end === undefined) return WAIT;
    if (end !== null) return { is: 'words', end: end + 1, inner, mark: null };
  }
  const words = text.slice(at + 1, found);
  if (/^(?:\^?\d+|\^\w+|\s*)$/u.test(words)) return { is: 'silent', end: found + 1 };
  if (!isBracketedDirection(words)) return NOTHING;
  return { is: 'direction', end: found + 1, inner, emotion: directionEmotion(words) };
}

function readImage(place: MarkupPlace): Found {
  const { text, at, ending } = place;
  if (text[at + 1] === undefined && !ending) return WAIT;
  if (text[at + 1] !== '[') return NOTHING;
  const label = closingMark({ ...place, at: at + 1 }, ']', LONGEST_PARENTHESIS);
  if (label === undefined) return WAIT;
  if (label === null) return NOTHING;
  if (text[label + 1] === undefined && !ending) return WAIT;
  if (text[label + 1] !== '(') return NOTHING;
  const end = closingMark({ ...place, at: label + 1 }, ')', LONGEST_LINK);
  if (end === undefined) return WAIT;
  return end === null ? NOTHING : { is: 'silent', end: end + 1 };
}

function readTag(place: MarkupPlace): Found {
  const rest = place.text.slice(place.at, place.at + LONGEST_TAG + 2);
  if (rest.startsWith('<!--')) {
    const end = place.text.indexOf('-->', place.at);
    if (end !== -1 && end - place.at < LONGEST_LINK) return { is: 'silent', end: end + 3 };
    return place.ending || place.text.length - place.at > LONGEST_LINK ? NOTHING : WAIT;
  }
  const tag = /^<(\/?[\p{L}][^<>\n]{0,58})>/u.exec(rest);
  if (tag) {
    const inner = tag[1] ?? '';
    const end = place.at + tag[0].length;
    if (/^(?:https?:|mailto:|[^\s@]+@)/iu.test(inner)) {
      return { is: 'words', end, inner: [place.at + 1, end - 1], mark: null };
    }
    const named = directionEmotion(inner);
    const emotion = inner.startsWith('/') && named ? 'neutral' : named;
    return emotion === null ? { is: 'silent', end } : { is: 'direction', end, inner: [end, end], emotion };
  }
  return !place.ending && rest.length <= LONGEST_TAG && /^<(?:!?-{0,2}|\/?(?:[\p{L}][^<>\n]*)?)$/u.test(rest)
    ? WAIT
    : NOTHING;
}

function readCode(place: MarkupPlace): Found {
  const { text, at, ending } = place;
  let start = at;
  while (text[start] === '`') start += 1;
  if (start === text.length && !ending) return WAIT;
  const closing = text.indexOf(text.slice(at, start), start);
  const lineEnd = text.indexOf('\n', start);
  if (closing !== -1 && closing - start <= LONGEST_PARENTHESIS && (lineEnd === -1 || closing < lineEnd)) {
    return { is: 'words', end: closing + (start - at), inner: [start, closing], mark: null };
  }
  if (!ending && lineEnd === -1 && text.length - start <= LONGEST_PARENTHESIS) return WAIT;
  return { is: 'silent', end: start };
}
