/** A line of code is at most so wide where it can be broken. */
const WIDTH = 84;

interface Dialect {
  text: (value: string) => string;
  name: (value: string) => string;
  /** `true`, `false` and nothing. */
  word: (value: boolean | null) => string;
  /** Inside the braces of one line. */
  padding: string;
  /** After the last of several lines. */
  trailing: string;
}

const JSON_TEXT: Dialect = {
  text: (value) => JSON.stringify(value),
  name: (value) => JSON.stringify(value),
  word: String,
  padding: '',
  trailing: '',
};
const JAVASCRIPT: Dialect = {
  text: (value) =>
    `'${JSON.stringify(value)
      .slice(1, -1)
      .replaceAll(String.raw`\"`, '"')
      .replaceAll("'", String.raw`\'`)}'`,
  name: (value) => (/^[A-Za-z_$][\w$]*$/.test(value) ? value : JAVASCRIPT.text(value)),
  word: String,
  padding: ' ',
  trailing: ',',
};
const PYTHON: Dialect = {
  ...JSON_TEXT,
  word: (value) => (value === null ? 'None' : value ? 'True' : 'False'),
  trailing: ',',
};

/** What fits stays in one line; every line after the first begins with `indent` spaces. */
export const toJson = (value: unknown, indent = 0): string => written(value, JSON_TEXT, { indent, step: 2 });
export const toJavaScript = (value: unknown, indent = 0): string => written(value, JAVASCRIPT, { indent, step: 2 });
export const toPython = (value: unknown, indent = 0): string => written(value, PYTHON, { indent, step: 4 });

function written(value: unknown, dialect: Dialect, { indent, step }: { indent: number; step: number }): string {
  const inOneLine = flat(value, dialect);
  const parts = partsOf(value);
  if (parts === null || parts.length === 0 || indent + inOneLine.length <= WIDTH) return inOneLine;
  const inner = { indent: indent + step, step };
  const lines = parts.map(
    ([name, one]) => `${' '.repeat(inner.indent)}${named(name, dialect)}${written(one, dialect, inner)}`,
  );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}${dialect.trailing}\n${' '.repeat(indent)}${close}`;
}

function flat(value: unknown, dialect: Dialect): string {
  if (typeof value === 'string') return dialect.text(value);
  if (typeof value === 'boolean' || value === null || value === undefined) return dialect.word(value ?? null);
  const parts = partsOf(value);
  if (parts === null) return JSON.stringify(value);
  const inner = parts.map(([name, one]) => `${named(name, dialect)}${flat(one, dialect)}`).join(', ');
  if (Array.isArray(value)) return `[${inner}]`;
  return parts.length === 0 ? '{}' : `{${dialect.padding}${inner}${dialect.padding}}`;
}

/** Of a list or an object; names only of the latter. What is `undefined` is left out, as JSON does. */
function partsOf(value: unknown): [string | null, unknown][] | null {
  if (Array.isArray(value)) return value.map((one: unknown) => [null, one]);
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

function named(name: string | null, dialect: Dialect): string {
  return name === null ? '' : `${dialect.name(name)}: `;
}

/** A text inside single quotes of a POSIX shell. */
export function toShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
