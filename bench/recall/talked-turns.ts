import type { RecallTurn } from '../../src/memory/recall/turn-index.ts';

const SYLLABLES = 'ka ro min tel as vor in de lu pan che sto ri mal o bren ti fa gor en'.split(' ');
const VOCABULARY = 20_000;
/** Words of two characters, of which Chinese is made here, and the characters they are made of. */
const HAN_WORDS = 30_000;
const COMMON_HAN = 3000;
/** What a third of any text consists of, in the order of how often it comes. */
const FUNCTION_WORDS =
  'the to and a of i in you it is that was for on my with we but so have be at me not they this'.split(' ');
const FUNCTION_CHARACTERS = Array.from('的了是我不在你他这有就那也都和说要去会着看没还到');
const FIRST_HAN = 0x4e00;
const CHARACTERS = 100;
const MINUTE = 60_000;
/** Turns of a session, then a pause of a day. */
const SESSION = 20;

/**
 * Turns of about 100 characters, every second conversation Chinese, the others in invented Latin words; how often words
 * and characters come follows Zipf's law, as in talk. Ids are as long as real ones.
 */
export function talkedTurns({
  count,
  conversations,
  random,
}: {
  count: number;
  conversations: number;
  random: () => number;
}): RecallTurn[] {
  const words = Array.from({ length: VOCABULARY }, (_, rank) => FUNCTION_WORDS[rank] ?? wordOf(rank));
  const hanWords = Array.from({ length: HAN_WORDS }, (_, rank) => FUNCTION_CHARACTERS[rank] ?? hanWord(rank));
  // Rank r with a probability of about 1 / r: the inverse of its cumulative sum.
  const zipf = <T>(list: readonly T[]): T => list[Math.min(list.length - 1, Math.floor(list.length ** random()))] as T;
  const sentence = () => {
    let text = '';
    while (text.length < CHARACTERS) text += random() < 0.08 ? `${zipf(hanWords)}，` : zipf(hanWords);
    return text;
  };
  const phrase = () => {
    let text = '';
    while (text.length < CHARACTERS) text += `${zipf(words)} `;
    return text;
  };
  const each = Math.floor(count / conversations);
  return Array.from({ length: each * conversations }, (_, index) => {
    const conversation = Math.floor(index / each);
    const depth = index % each;
    const id = turnId(index);
    return {
      id,
      parentId: depth === 0 ? null : turnId(index - 1),
      conversationId: `c${conversation}`,
      depth,
      speaker: depth % 2 === 0 ? 'Ada' : 'Bo',
      byHuman: depth % 2 === 0,
      text: conversation % 2 === 0 ? phrase() : sentence(),
      at: 1e12 + index * MINUTE + Math.floor(index / SESSION) * 24 * 60 * MINUTE,
    };
  });
}

function turnId(index: number): string {
  return `01j8z6k4${index.toString(36).padStart(18, '0')}`;
}

function wordOf(rank: number): string {
  let rest = rank + 20;
  let word = '';
  while (rest > 0) {
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return word;
}

/** The commoner a word, the commoner its characters. */
function hanWord(rank: number): string {
  const first = (rank * 7919) % Math.min(COMMON_HAN, rank + 200);
  const second = (rank * 104_729) % Math.min(COMMON_HAN, rank + 400);
  return String.fromCharCode(FIRST_HAN + first, FIRST_HAN + second);
}
