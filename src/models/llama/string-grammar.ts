/** Repetitions beyond which a grammar becomes slow; more are left open. */
const MOST_TIMES = 200;
/** UTF-16 units of a pattern, and how deep its groups go; patterns are the words of strangers. */
const LONGEST_PATTERN = 300;
const MOST_DEPTH = 8;
/** What may stand in a JSON string as it is. */
const ANY = 'char';

const DATE = String.raw`[0-9] [0-9] [0-9] [0-9] "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])`;
const CLOCK = String.raw`([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,9})?`;
const ZONE = String.raw`("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])`;
const BYTE = '("25" [0-5] | "2" [0-4] [0-9] | "1" [0-9] [0-9] | [1-9]? [0-9])';
/** Formats of JSON Schema (validation, §7.3) that a grammar can hold to. */
const FORMATS: Readonly<Record<string, string>> = {
  date: DATE,
  time: `${CLOCK} ${ZONE}`,
  'date-time': `${DATE} "T" ${CLOCK} ${ZONE}`,
  uuid: '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}',
  ipv4: `${BYTE} "." ${BYTE} "." ${BYTE} "." ${BYTE}`,
  email: String.raw`[A-Za-z0-9._%+-]{1,64} "@" ([A-Za-z0-9-]{1,63} "."){1,4} [A-Za-z]{2,24}`,
};

/**
 * A string by its pattern, format or lengths as a rule in GBNF, quotes included; null where it may be any. A pattern that
 * a grammar cannot hold to (references, looking around) is left out, and of several wishes the first counts.
 */
export function stringRule({
  pattern,
  format,
  minLength,
  maxLength,
}: Readonly<Record<string, unknown>>): string | null {
  const held = typeof pattern === 'string' ? patternRule(pattern) : null;
  if (held !== null) return quoted(held);
  const form = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (form !== undefined) return quoted(form);
  const least = countOf(minLength) ?? 0;
  const most = countOf(maxLength);
  if (least > MOST_TIMES || (least === 0 && most === null)) return null;
  return quoted(`${ANY}${timesOf(least, most)}`);
}

/** `{least,most}` of GBNF. */
export function timesOf(least: number, most: number | null): string {
  if (most === null || most > MOST_TIMES) return least === 0 ? '*' : `{${least},}`;
  return `{${least},${most}}`;
}

/** A number of times that a schema asks for; null where it asks for none. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

function quoted(rule: string): string {
  return String.raw`"\"" ${rule} "\""`;
}

function patternRule(pattern: string): string | null {
  if (pattern.length > LONGEST_PATTERN) return null;
  try {
    return new PatternReader(pattern).rule();
  } catch (error) {
    if (error instanceof NotHeldError) return null;
    throw error;
  }
}

/** A part of a pattern that a grammar has no words for. */
class NotHeldError extends Error {}

const SETS: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_', s: ' ' };

/** Reads a regular expression of ECMA-262 (its plain part) and writes the grammar of what it matches. */
class PatternReader {
  readonly #marks: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#marks = Array.from(pattern);
  }

  /** A pattern is looked for anywhere, unless it says where. */
  rule(): string {
    const { body, isAnchored } = this.#either(true);
    if (this.#at < this.#marks.length) throw new NotHeldError();
    return isAnchored ? body : `(${body})`;
  }

  #either(isOuter: boolean): { body: string; isAnchored: boolean } {
    const ways = [this.#sequence(isOuter)];
    while (this.#take('|')) ways.push(this.#sequence(isOuter));
    return { body: ways.join(' | '), isAnchored: ways.length === 1 };
  }

  #sequence(isOuter: boolean): string {
    const parts: string[] = [];
    if (isOuter && !this.#take('^')) parts.push(`${ANY}*`);
    let isEnded = false;
    while (this.#at < this.#marks.length && this.#peek() !== '|' && this.#peek() !== ')') {
      if (isOuter && this.#take('$')) {
        isEnded = true;
        break;
      }
      parts.push(this.#times(this.#one()));
    }
    if (isOuter && !isEnded) parts.push(`${ANY}*`);
    return parts.length === 0 ? '""' : parts.join(' ');
  }

  #one(): string {
    const mark = this.#next();
    if (mark === '(') return this.#group();
    if (mark === '[') return this.#set();
    if (mark === '.') return ANY;
    if (mark === '\\') return this.#escaped();
    if ('^$*+?{}|)'.includes(mark)) throw new NotHeldError();
    return literalOf(mark);
  }

  #group(): string {
    if (this.#take('?') && !this.#take(':')) throw new NotHeldError();
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new NotHeldError();
    const { body } = this.#either(false);
    if (!this.#take(')')) throw new NotHeldError();
    this.#depth -= 1;
    return `(${body})`;
  }

  #escaped(): string {
    const mark = this.#next();
    const set = SETS[mark];
    if (set !== undefined) return `[${set}]`;
    if (/[A-Za-z0-9]/.test(mark)) throw new NotHeldError();
    return literalOf(mark);
  }

  #set(): string {
    if (this.#peek() === '^') throw new NotHeldError();
    const parts: string[] = [];
    while (!this.#take(']')) {
      const mark = this.#next();
      if (mark !== '\\') {
        parts.push(mark === '-' ? (this.#isRange(parts) ? '-' : String.raw`\x2D`) : inSet(mark));
        continue;
      }
      const escaped = this.#next();
      const set = SETS[escaped];
      if (set === undefined && /[A-Za-z0-9]/.test(escaped)) throw new NotHeldError();
      parts.push(set ?? inSet(escaped));
    }
    if (parts.length === 0) throw new NotHeldError();
    return `[${parts.join('')}]`;
  }

  #isRange(parts: readonly string[]): boolean {
    return parts.length > 0 && this.#peek() !== ']';
  }

  #times(one: string): string {
    for (const mark of ['?', '*', '+']) if (this.#take(mark)) return this.#notLazy(`${one}${mark}`);
    if (this.#peek() !== '{') return one;
    const [whole, least = '', comma, most = ''] =
      /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(this.#marks.slice(this.#at, this.#at + 12).join('')) ?? [];
    if (whole === undefined || Number(least) > MOST_TIMES) throw new NotHeldError();
    this.#at += whole.length;
    return this.#notLazy(`${one}${timesOf(Number(least), most !== '' ? Number(most) : comma ? null : Number(least))}`);
  }

  /** What is taken lazily is the same text in the end. */
  #notLazy(rule: string): string {
    this.#take('?');
    return rule;
  }

  #peek(): string | undefined {
    return this.#marks[this.#at];
  }

  #next(): string {
    const mark = this.#marks[this.#at];
    if (mark === undefined) throw new NotHeldError();
    this.#at += 1;
    return mark;
  }

  #take(mark: string): boolean {
    if (this.#peek() !== mark) return false;
    this.#at += 1;
    return true;
  }
}

/** A character as JSON writes it within a string. */
function literalOf(mark: string): string {
  return `"${JSON.stringify(mark)
    .slice(1, -1)
    .replace(/[\\"]/g, String.raw`\$&`)}"`;
}

/** Characters of a set stand for themselves, so those that JSON escapes cannot be among them. */
function inSet(mark: string): string {
  if (mark === '"' || mark === '\\' || mark < ' ') throw new NotHeldError();
  return /[\]^[-]/.test(mark) ? `\\x${mark.charCodeAt(0).toString(16).toUpperCase()}` : mark;
}
