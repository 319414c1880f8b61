const KEY = '"model":';

/**
 * Puts the name that was asked for into an answer without reading the rest of it. Inside a JSON string a quote is
 * escaped, so that the first `"model":` is always a key. Texts are bytes: UTF-8 in Latin-1 strings.
 */
export class PublicName {
  readonly #escaped: string;

  constructor(name: string) {
    this.#escaped = toByteText(JSON.stringify(name).slice(1, -1));
  }

  /** True where no other name stands in `text`, which may be many frames: `put` would change none of them. */
  standsIn(text: string): boolean {
    for (let key = text.indexOf(KEY); key >= 0; key = text.indexOf(KEY, key + KEY.length)) {
      const start = key + KEY.length + (text[key + KEY.length] === ' ' ? 2 : 1);
      if (!text.startsWith(this.#escaped, start) || text[start + this.#escaped.length] !== '"') return false;
    }
    return true;
  }

  put(text: string): string {
    const key = text.indexOf(KEY);
    if (key < 0) return text;
    const start = text.indexOf('"', key + KEY.length) + 1;
    const end = text.indexOf('"', start);
    if (start === 0 || end < 0 || text.slice(key + KEY.length, start - 1).trim() !== '') return text;
    const isSame = end - start === this.#escaped.length && text.startsWith(this.#escaped, start);
    return isSame ? text : text.slice(0, start) + this.#escaped + text.slice(end);
  }
}

export function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The value of a JSON text in bytes; undefined where it is none. */
export function parseByteText(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString()) as unknown;
  } catch {
    return undefined;
  }
}
