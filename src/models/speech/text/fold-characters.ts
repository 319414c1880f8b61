/**
 * Writes the same words in the characters that engines know: fullwidth letters and digits as ASCII, fractions and
 * degrees spelled as one would type them, emoji and invisible characters dropped.
 */
export function foldCharacters(text: string): string {
  return text
    .toWellFormed()
    .replace(DROPPED, ' ')
    .replace(INVISIBLE, '')
    .replace(/[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]/gu, (sign, offset: number) => {
      const fraction = sign.normalize('NFKC').replace('⁄', '/');
      return /\d/u.test(text[offset - 1] ?? '') ? ` ${fraction}` : fraction;
    })
    .replace(/℃/gu, '°C')
    .replace(/℉/gu, '°F')
    .replace(/㎡/gu, 'm²')
    .replace(/№/gu, 'No. ')
    .replace(/￥/gu, '¥')
    .replace(/[！-～]/gu, (sign) => (/[，！？：；（）～]/u.test(sign) ? sign : sign.normalize('NFKC')))
    .replace(/[\u{1D400}-\u{1D7FF}\u2460-\u24FF\uFB00-\uFB06\u3300-\u33FF]/gu, (sign) => sign.normalize('NFKC'))
    .replace(/[‘’]/gu, "'")
    .replace(/[−﹣]/gu, '-')
    .replace(/[\u00A0\u2000-\u200A\u202F\u3000]/gu, ' ');
}

/** Emoji (not the signs © ® ™, arrows or digits that Unicode counts among them), flags, and what only decorates. */
const DROPPED =
  /(?:[[\p{Extended_Pictographic}\p{Regional_Indicator}]--[↔-↪⁉‼〰〽㊗㊙]](?:\p{Emoji_Modifier}|\p{Variation_Selector}|\u200D|\u20E3)*|[\uFE0E\uFE0F\u20E3]|[•●■◆▪▸►★☆♪♫♡✓✔✗✘※])+/gv;
const INVISIBLE = /[\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u00AD]|[\p{Cc}--[\n\t]]|\p{Co}|\p{Cn}/gv;
