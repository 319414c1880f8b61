/** What a turn is, beside its words: bits of `turnTraits`. */
export const ENDS_ASKING = 1;
export const TELLS_TIME = 2;

/** Digits, names of months and days, and the words with which people place something in time, in English, Chinese, Japanese and Korean. */
const TIME =
  /\p{N}|\b(?:yesterday|today|tonight|tomorrow|ago|last|next|since|until|week(?:end|s)?|months?|years?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|morning|evening|night|spring|summer|autumn|winter|christmas|easter|birthday)\b|昨|前天|今天|明天|后天|今晚|去年|今年|明年|上周|下周|这周|周末|上个?月|下个?月|星期|礼拜|[一二三四五六七八九十两几半]个?(?:年|月|天|日|周|号|点|小时)|春节|中秋|国庆|端午|元旦|除夕|生日|[早晚]上|昨日|今日|明日|先週|来週|先月|来月|어제|오늘|내일|지난|다음/iu;

const QUESTION_END = /[?？]["'”’」』)）\s\p{Emoji_Presentation}]*$/u;

/** True when a turn ends by asking: it hands the word over, and what was asked for is told elsewhere. */
function endsAsking(text: string): boolean {
  return QUESTION_END.test(text);
}

export function turnTraits(text: string): number {
  return (endsAsking(text) ? ENDS_ASKING : 0) | (TIME.test(text) ? TELLS_TIME : 0);
}
