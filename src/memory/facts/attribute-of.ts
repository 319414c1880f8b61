import type { FactRecord } from './fact-record.ts';
import { foldWords } from './fold-words.ts';

/** Somebody's one home, one work, one age: a later word about it changes the earlier one. Tried in order. */
interface AttributeRule {
  name: string;
  pattern: RegExp;
  /** True where the attribute is of what the first group names: “my sister lives in …”, “my favourite tea is …”. */
  named?: boolean;
}

const RELATIVE =
  'mother|mum|mom|father|dad|sister|brother|son|daughter|wife|husband|partner|girlfriend|boyfriend|grandmother|grandfather|aunt|uncle|cousin|boss';

/** Patterns run over folded words: lower case, no apostrophes, one space between words. */
const RULES: readonly AttributeRule[] = [
  {
    name: 'home',
    named: true,
    pattern: new RegExp(
      `\\b(?:my|our) (${RELATIVE}) (?:now |still |just )?(?:lives?|moved|has moved) (?:\\w+ )?(?:in|to)\\b`,
    ),
  },
  {
    name: 'home',
    pattern:
      /\b(?:i|we) (?:now |finally |just |have |both )*(?:live|moved|are living|am living) (?:\w+ ){0,2}?(?:in|to|at|near)\b/,
  },
  { name: 'home', pattern: /\b(?:im|were) (?:now )?living (?:in|at|near)\b/ },
  {
    name: 'work',
    named: true,
    pattern: new RegExp(`\\b(?:my|our) (${RELATIVE}) (?:now )?(?:works|teaches|is (?:now )?an?)\\b`),
  },
  { name: 'work', pattern: /\bi (?:now )?(?:work|teach) (?:as|at|for|in)\b/ },
  { name: 'work', pattern: /\bi (?:\w+ )?started (?:work(?:ing)? |a new job |my new job )?(?:as|at)\b/ },
  {
    name: 'age',
    pattern:
      /\b(?:im|i am|i turned|i just turned) (?:\d{1,3}|\w+ty|\w+teen|\w+ty \w+)(?: years old| now| today| this year)?$/,
  },
  { name: 'name', pattern: /\b(?:my name is|im called|you can call me|call me)\b/ },
  { name: 'favourite', named: true, pattern: /\bmy favou?rite (\w+) (?:is|are|was)\b/ },
  { name: 'birthday', pattern: /\bmy birthday (?:is|falls)\b/ },
  {
    name: 'home',
    named: true,
    pattern:
      /我(?:的)?(妈妈?|爸爸?|姐姐?|妹妹?|哥哥?|弟弟?|女儿|儿子|老公|老婆|丈夫|妻子|奶奶|爷爷|外婆|外公)(?:现在)?(?:住在|搬到|搬去|搬回)/,
  },
  {
    name: 'home',
    pattern:
      /我们?(?:现在|已经|刚刚?|一家|后来|都|今年|去年|前年|上个?月|.{1,2}月|年[初底])*(?:住在|搬到|搬去|搬回|搬进|定居)/,
  },
  { name: 'work', pattern: /我(?:现在)?在.{1,12}(?:上班|工作|教书|当\S)/ },
  { name: 'age', pattern: /我(?:今年|已经|刚满?|快)?\s?(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s?岁/ },
  { name: 'name', pattern: /我(?:的名字)?叫|叫我/ },
  { name: 'favourite', named: true, pattern: /我最(?:喜欢|爱)的(.{1,4}?)是/ },
  { name: 'birthday', pattern: /我的?生日/ },
];

/** What was and what may be are no change of what is. */
const NOT_NOW =
  /\b(?:used to|when i was|as a (?:child|kid|boy|girl)|years ago|going to|will|ill|would|before that)\b|以前|小时候|曾经|那时|当年|打算|想要?搬/;

/**
 * Which one thing a fact says something of, as a key: of two facts with the same key the later one changes the earlier.
 * Null where both may be true at once.
 */
export function attributeOf({ about, subject, text, quote }: FactRecord): string | null {
  if (about === 'promise') return null;
  const words = foldWords(quote || text);
  if (NOT_NOW.test(words)) return null;
  for (const { name, pattern, named } of RULES) {
    const found = pattern.exec(words);
    if (found) return [about, foldWords(subject), name, named ? (found[1] ?? '') : ''].join(':');
  }
  return null;
}
