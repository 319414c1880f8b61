import { everwithExtension, type Card } from '../../../character/card.ts';

/** The shortest part of a name that is a name by itself, in letters. */
const SHORTEST_PART = 3;
/** Words in names that nobody is called by alone. */
const TITLES: ReadonlySet<string> = new Set(
  'the and von van der den del della dos das les sir dame lord lady king queen prince princess captain doctor professor mister miss missus mrs master saint old young little big great'.split(
    ' ',
  ),
);

/**
 * What a character is called: its name in the room, the card's names and nicknames in every language, and the words of
 * a name in several words, as in “Mira” of “Mira Voss”.
 */
export function speakerNames(name: string, card: Card): string[] {
  const locales = Object.values(everwithExtension(card).locales ?? {});
  const whole = [name, card.data.name, card.data.nickname, ...locales.flatMap((one) => [one?.name, one?.nickname])];
  const names = whole.flatMap((one) => (one && one.trim() !== '' ? [one.trim()] : []));
  const parts = names.flatMap((one) => one.split(/[\s·・‧“”"'’()（）,，]+/u)).filter(isCalledBy);
  return [...new Set([...names, ...parts])];
}

function isCalledBy(part: string): boolean {
  const letters = part.match(/\p{L}/gu)?.length ?? 0;
  const isUnspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u.test(part);
  return letters >= (isUnspaced ? 2 : SHORTEST_PART) && !TITLES.has(part.toLowerCase());
}
