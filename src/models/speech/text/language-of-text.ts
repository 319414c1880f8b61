const HAN = /\p{Script=Han}/gu;
const LETTERS = /\p{Script=Latin}{2,}/gu;
/** A Chinese character says about as much as so many Latin words. */
const HAN_PER_WORD = 2;

/** ISO 639-1 of a short text, as far as its script says; else the language that is spoken anyway. */
export function languageOfText(text: string, otherwise: string): string {
  const han = text.match(HAN)?.length ?? 0;
  const words = text.match(LETTERS)?.length ?? 0;
  if (han === 0 && words === 0) return otherwise;
  if (han > 0 && han >= words * HAN_PER_WORD) return 'zh';
  // Kana and hangul are left to whoever chose the language.
  return otherwise === 'zh' && han === 0 ? 'en' : otherwise;
}
