import type { Locale } from '../../contract/common.ts';

/** Letters of a name that count for its place in a list. */
const KEY_LENGTH = 24;
/** The unified ideographs of Unicode's first block, which names are written in; rarer ones follow in code point order. */
const FIRST_IDEOGRAPH = 0x4e00;
const LAST_IDEOGRAPH = 0x9fff;
const ACCENTS = /[\u0300-\u036f]/g;
const HAN = /\p{Script=Han}/u;

/** Places of ideographs in Chinese collation; 150 ms to make, so only once somebody has a name written in them. */
let ranks: Uint16Array | undefined;

/**
 * A sort key for a name: comparing keys byte by byte puts names in the order of the locale's collation (CLDR: numbers
 * first and by value, accents and case ignored; Chinese by pinyin and before other scripts for Chinese readers, after
 * them for others). ASCII only, so that every database compares it alike.
 */
export function nameKey(name: string, locale: Locale): string {
  const folded = name
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  const pieces = folded.match(/\d+|\D/gu) ?? [];
  return pieces
    .slice(0, KEY_LENGTH)
    .map((piece) => pieceKey(piece, locale))
    .join('');
}

function pieceKey(piece: string, locale: Locale): string {
  if (piece === ' ') return '0';
  if (/^\d/.test(piece)) return numberKey(piece);
  const codePoint = piece.codePointAt(0) ?? 0;
  if (!HAN.test(piece)) return `5${digits(codePoint)}`;
  return locale === 'zh-CN' ? `3${digits(chineseRank(codePoint))}` : `8${digits(codePoint)}`;
}

/** Shorter numbers are smaller ones. */
function numberKey(piece: string): string {
  const number = piece.replace(/^0+(?=\d)/, '').slice(0, 35);
  return `1${number.length.toString(36)}${number}`;
}

/** Four digits of base 36 hold every code point. */
function digits(value: number): string {
  return value.toString(36).padStart(4, '0');
}

function chineseRank(codePoint: number): number {
  if (codePoint < FIRST_IDEOGRAPH || codePoint > LAST_IDEOGRAPH) return 0x1_0000 + codePoint;
  ranks ??= rankIdeographs();
  return ranks[codePoint - FIRST_IDEOGRAPH] ?? 0;
}

function rankIdeographs(): Uint16Array {
  const count = LAST_IDEOGRAPH - FIRST_IDEOGRAPH + 1;
  const ideographs = Array.from({ length: count }, (_, index) => String.fromCodePoint(FIRST_IDEOGRAPH + index));
  const { compare } = new Intl.Collator('zh-CN');
  const made = new Uint16Array(count);
  for (const [rank, ideograph] of ideographs.toSorted(compare).entries()) {
    made[(ideograph.codePointAt(0) ?? 0) - FIRST_IDEOGRAPH] = rank;
  }
  return made;
}
