/** A string value of a JSON text, as it arrives. `key` is its own key, or that of the list it stands in. */
export type JsonStringPart = { type: 'start'; key: string | null } | { type: 'text'; text: string } | { type: 'end' };

interface Container {
  kind: 'object' | 'array';
  key: string | null;
  expectsKey: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '', f: '' };

/**
 * Reads the string values out of a JSON text that is still being written (RFC 8259 §7), piece by piece. It never
 * fails: what is no JSON gives no strings, and what is cut off gives what was there.
 */
export class JsonStrings {
  readonly #stack: Container[] = [];
  #inString = false;
  #isKey = false;
  #key = '';
  /** The part of an escape that has come so far. */
  #escape = '';

  push(chunk: string): JsonStringPart[] {
    const parts: JsonStringPart[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ type: 'text', text });
      text = '';
    };
    for (const character of chunk) {
      if (!this.#inString) {
        if (this.#step(character) === 'start') parts.push({ type: 'start', key: this.#currentKey() });
        continue;
      }
      const said = this.#say(character);
      if (said === null) {
        flush();
        if (!this.#isKey) parts.push({ type: 'end' });
      } else if (this.#isKey) this.#key += said;
      else text += said;
    }
    flush();
    return parts;
  }

  /** True while a string value is open. */
  get open(): boolean {
    return this.#inString && !this.#isKey;
  }

  #step(character: string): 'start' | null {
    const top = this.#stack.at(-1);
    if (character === '"') {
      this.#inString = true;
      this.#isKey = top?.kind === 'object' && top.expectsKey;
      this.#key = '';
      return this.#isKey ? null : 'start';
    }
    if (character === '{') this.#stack.push({ kind: 'object', key: null, expectsKey: true });
    else if (character === '[') this.#stack.push({ kind: 'array', key: this.#currentKey(), expectsKey: false });
    else if (character === '}' || character === ']') this.#stack.pop();
    else if (character === ':' && top) top.expectsKey = false;
    else if (character === ',' && top) top.expectsKey = top.kind === 'object';
    return null;
  }

  /** What a character of a string says; null where it ends the string. */
  #say(character: string): string | null {
    if (this.#escape !== '') return this.#unescape(character);
    if (character === '\\') {
      this.#escape = '\\';
      return '';
    }
    if (character !== '"') return character;
    this.#inString = false;
    const top = this.#stack.at(-1);
    if (this.#isKey && top) top.key = this.#key;
    return null;
  }

  #unescape(character: string): string {
    this.#escape += character;
    if (this.#escape[1] !== 'u') {
      this.#escape = '';
      return ESCAPES[character] ?? character;
    }
    if (this.#escape.length < 6) return '';
    const code = Number.parseInt(this.#escape.slice(2), 16);
    this.#escape = '';
    return Number.isNaN(code) ? '' : String.fromCharCode(code);
  }

  #currentKey(): string | null {
    return this.#stack.at(-1)?.key ?? null;
  }
}
