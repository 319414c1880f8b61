/** A word, a number or a mark of an English text; offsets are UTF-16 code units of the text as written. */
export interface Token {
  kind: 'word' | 'number' | 'mark';
  /** Lower case, without apostrophes. */
  text: string;
  /** The part of a word after its apostrophe: "ll", "ve", "s". */
  contraction: string;
  index: number;
  end: number;
  capital: boolean;
}

/** Kana, Han and Hangul come in runs, which hold no English. */
const tokenPattern = /[a-z]+(?:['’][a-z]+)?|\d+|[\u3040-\u9fff\uac00-\ud7ff]+|\S/giu;

/** Full-width digits and letters count as their narrow forms, which are as long. */
export function englishTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of narrowForms(text).matchAll(tokenPattern)) {
    const raw = match[0];
    const first = raw.charCodeAt(0);
    const isNumber = first >= 48 && first <= 57;
    const isWord = /[a-z]/iu.test(raw.charAt(0));
    tokens.push({
      kind: isNumber ? 'number' : isWord ? 'word' : 'mark',
      text: isWord ? raw.toLowerCase().replace(/['’]/u, '') : raw,
      contraction: raw.split(/['’]/u)[1]?.toLowerCase() ?? '',
      index: match.index,
      end: match.index + raw.length,
      capital: first >= 65 && first <= 90,
    });
  }
  return tokens;
}

/** The same text with ASCII for full-width letters, digits and marks; every offset stays. */
export function narrowForms(text: string): string {
  return text.replace(/[\uff01-\uff5e]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}
