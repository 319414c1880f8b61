/** A value as JavaScript writes it: names without quotes where they need none. */
export function toJavaScript(value: unknown, indent = 0): string {
  return indented(JSON.stringify(value, null, 2), indent).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:');
}

/** A value as Python writes it. */
export function toPython(value: unknown, indent = 0): string {
  const inner = ' '.repeat(indent + 4);
  const outer = ' '.repeat(indent);
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => toPython(one, indent + 4))
    : Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${toPython(one, indent + 4)}`);
  const [open, close] = isList ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${outer}${close}`;
}

/** A text inside single quotes of a POSIX shell. */
export function toShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}
