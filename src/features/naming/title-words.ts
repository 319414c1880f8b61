import { languageOf } from '../../memory/facts/language-of.ts';

/** Words of a title in languages with spaces, and characters in those without. */
const MOST_WORDS = 6;
const MOST_CHARACTERS = 12;
/** UTF-16 units of a title whatever its words are. */
const MOST_LENGTH = 60;
/** Words that a person said, by which a subject can be known. */
const TELLING_WORDS = 3;
const TELLING_CHARACTERS = 5;

const GREETING =
  /^(?:(?:hi+|hello+|hey+|hiya|yo|greetings|howdy|good (?:morning|afternoon|evening|night|day)|morning|evening|how are you(?: (?:today|doing))?|how(?:'|’)s it going|what(?:'|’)s up|nice to meet you)(?![\p{L}\p{N}])|你好[呀啊吗]?|您好|大家好|嗨|哈[喽啰]|喂|早上好|早安|早啊?|上午好|中午好|下午好|晚上好|晚安|在吗|在么|最近怎么样|很高兴认识你)/iu;
/** What joins a greeting to a name and to what follows. */
const AFTER_GREETING = /^(?:\s*[,，、!！.。~～…?？]+\s*|\s+there\b|\s+)/iu;
/** Where a title must not end. */
const DANGLING =
  /\s+(?:a|an|the|of|and|or|to|in|on|at|for|with|by|from|but|is|are|my|your|his|her|their|its|that|as)$/iu;
/** Titles that name no subject. */
const EMPTY_TITLE =
  /^(?:(?:new |a |the |an? (?:friendly |short |brief )?)?(?:chat|conversation|greetings?|title|untitled|hello|introductions?|talk|dialogue)|(?:新的?)?(?:对话|聊天|问候|打招呼|标题|无标题|初次见面|寒暄))$/iu;

function isSpaced(text: string): boolean {
  return !['zh', 'ja'].includes(languageOf(text));
}

/** Words, or characters where words are not parted by spaces. */
function measure(text: string): number {
  if (isSpaced(text)) return text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  // A foreign word among characters takes as much room as two of them.
  const foreign = text.match(/[\p{Script=Latin}\p{N}]+/gu)?.length ?? 0;
  return Array.from(text.replaceAll(/[\p{Script=Latin}\p{N}\s]+/gu, '')).length + foreign * 2;
}

/** What somebody said after all greetings and the names greeted; empty where nothing follows. */
export function withoutGreeting(text: string, names: readonly string[]): string {
  let rest = text.trim();
  for (let rounds = 0; rounds < 6; rounds += 1) {
    const before = rest;
    rest = rest.replace(GREETING, '').replace(AFTER_GREETING, '');
    // A name is part of the greeting only right after one.
    const name = rounds > 0 || rest !== before ? names.find((one) => startsWithName(rest, one)) : undefined;
    if (name !== undefined) rest = rest.slice(name.length).replace(AFTER_GREETING, '');
    if (rest === before) break;
  }
  return /[\p{L}\p{N}]/u.test(rest) ? rest.trim() : '';
}

function startsWithName(text: string, name: string): boolean {
  if (name === '' || !text.toLowerCase().startsWith(name.toLowerCase())) return false;
  return !/^[\p{Script=Latin}\p{N}]/u.test(text.slice(name.length));
}

/** True where words say what a talk is about. */
export function isTelling(text: string, names: readonly string[]): boolean {
  const rest = withoutGreeting(plainWords(text), names);
  return rest !== '' && measure(rest) >= (isSpaced(rest) ? TELLING_WORDS : TELLING_CHARACTERS);
}

/** Without the marks of markdown, code and addresses, on one line. */
export function plainWords(text: string): string {
  return text
    .replaceAll(/```[\s\S]*?(?:```|$)/gu, ' ')
    .replaceAll(/https?:\/\/\S+/gu, ' ')
    .replaceAll(/[*_`#>|~[\]]+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** A title of what a model said; null where it names nothing. */
export function tidyTitle(said: string, names: readonly string[]): string | null {
  const bare = trimMarks(plainWords(said).replace(/^(?:title|标题|题目)\s*[:：]\s*/iu, ''));
  const title = trimMarks(shorten(bare).text);
  if (!/[\p{L}\p{N}]/u.test(title) || EMPTY_TITLE.test(title)) return null;
  if (names.some((name) => name.toLowerCase() === title.toLowerCase())) return null;
  return title;
}

/** A title of what somebody said first; null where it says nothing yet. What was cut off leaves an ellipsis. */
export function titleFromWords(text: string, names: readonly string[]): string | null {
  // What is narrated gives way to what is said.
  const spoken = plainWords(text.replaceAll(/\*[^*]+\*/gu, ' '));
  const words = withoutGreeting(spoken === '' ? plainWords(text) : spoken, names);
  const sentences = words.split(/(?<=[.!?。！？…])\s*/u).map((sentence) => withoutGreeting(sentence, names));
  const telling = sentences.find((sentence) => isTelling(sentence, names)) ?? sentences.find((one) => one !== '');
  if (telling === undefined) return null;
  const { text: title, isCut } = shorten(trimMarks(telling));
  return title === '' ? null : isCut ? `${title}…` : title;
}

/** Quotes around it and full stops behind it. */
function trimMarks(text: string): string {
  return text
    .replaceAll(/^[\s"'“”‘’「」『』《》«».,，。:：;；!！-]+/gu, '')
    .replaceAll(/[\s"“”‘’「」『』《》«».,，。:：;；!！-]+$/gu, '');
}

function shorten(text: string): { text: string; isCut: boolean } {
  if (!isSpaced(text)) return shortenCharacters(text);
  const words = text.split(' ');
  const beginning = words.slice(0, MOST_WORDS).join(' ').slice(0, MOST_LENGTH).toWellFormed().trim();
  const isCut = beginning.length < text.length;
  return { text: trimMarks(isCut ? withoutDangling(beginning) : beginning), isCut };
}

function withoutDangling(text: string): string {
  let kept = text;
  while (DANGLING.test(kept)) kept = kept.replace(DANGLING, '');
  return kept;
}

/** Cut between words, as far as the language's own segmentation knows them. */
function shortenCharacters(text: string): { text: string; isCut: boolean } {
  if (measure(text) <= MOST_CHARACTERS) return { text, isCut: false };
  let kept = '';
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)) {
    if (measure(kept + segment) > MOST_CHARACTERS) break;
    kept += segment;
  }
  const cut = kept === '' ? Array.from(text).slice(0, MOST_CHARACTERS).join('') : kept;
  return { text: trimMarks(cut).replace(/[的了着和与]$/u, ''), isCut: true };
}
