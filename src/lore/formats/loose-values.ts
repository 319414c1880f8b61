/** Values of foreign files, read forgivingly: what is not of the expected kind counts as absent. */
export type Loose = Readonly<Record<string, unknown>>;

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function looseOf(value: unknown): Loose {
  return isLoose(value) ? value : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  // Adding 0 makes a negative zero a plain one.
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : null;
}

export function flagOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** A list of texts, or a text with commas as some programs write it. */
export function listOf(value: unknown): string[] {
  if (typeof value === 'string') return splitList(value);
  if (!Array.isArray(value)) return [];
  return value.map(textOf).filter((text) => text !== null && text !== '') as string[];
}

/** `a, b`; commas inside of `/pattern/` stay. */
export function splitList(text: string): string[] {
  return (text.match(/\/(?:\\.|[^/\\\n])+\/[gimsuy]*(?=\s*(?:,|$))|[^,]+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The keys of an object that are not among the known, as they came. */
export function unknownKeys(object: Loose, known: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key) && key !== '__proto__'));
}

/** Without the keys whose value is undefined, which JSON has not. */
export function defined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
