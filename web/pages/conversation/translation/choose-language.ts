import { TRANSLATION_LANGUAGES, type TranslationLanguage } from '../../../../contract/translations.ts';

/** Where the last choice is kept in this browser. */
const KEY = 'everwith.translation-language';

/** The language that a person wants a message in: what they chose last, else their own, unless it is in that already. */
export function chooseLanguage(text: string, readerLocale: string): TranslationLanguage {
  const own = readerLocale.startsWith('zh') ? 'zh-Hans' : 'en';
  const wished = rememberedLanguage() ?? own;
  return isWrittenIn(text, wished) ? otherThan(wished, own) : wished;
}

export function rememberLanguage(language: TranslationLanguage): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function rememberedLanguage(): TranslationLanguage | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return TRANSLATION_LANGUAGES.find((language) => language === kept);
  } catch {
    return undefined;
  }
}

function otherThan(language: TranslationLanguage, own: TranslationLanguage): TranslationLanguage {
  if (language !== own) return own;
  return own === 'en' ? 'zh-Hans' : 'en';
}

/** Words that nearly every English sentence has, and hardly any other language. */
const ENGLISH = /\b(?:the|and|you|is|are|was|of|to|that|it|not|with|this|have|what|your|for)\b/gi;

/** A cheap guess by script, and for English by its small words; false where in doubt. */
export function isWrittenIn(text: string, language: TranslationLanguage): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return false;
  const share = (script: RegExp) => (text.match(script)?.length ?? 0) / letters;
  const kana = share(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  switch (language) {
    case 'zh-Hans':
    case 'zh-Hant':
      return kana < 0.05 && share(/\p{Script=Han}/gu) > 0.5;
    case 'ja':
      return kana > 0.15;
    case 'ko':
      return share(/\p{Script=Hangul}/gu) > 0.5;
    case 'en': {
      const words = text.match(/[\p{L}’']+/gu)?.length ?? 1;
      return share(/[a-z]/gi) > 0.95 && (text.match(ENGLISH)?.length ?? 0) / words > 0.12;
    }
    default:
      return false;
  }
}
