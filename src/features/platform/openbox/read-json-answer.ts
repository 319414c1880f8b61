/** What a text says as JSON; undefined where it is none. With `fenced`, one code block around it is forgiven. */
export function readJsonAnswer(text: string, { fenced = false }: { fenced?: boolean } = {}): unknown {
  const trimmed = text.trim();
  const inside = fenced ? /^```(?:json)?\s*\n([\s\S]*?)\n?```$/iu.exec(trimmed)?.[1] : undefined;
  try {
    return JSON.parse(inside ?? trimmed) as unknown;
  } catch {
    return undefined;
  }
}

/** The value at a dotted path; `*` is every element of a list, whose values come as one list. */
export function valueAt(value: unknown, path: string): unknown {
  return path === '' ? value : walk(value, path.split('.'));
}

function walk(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (value === null || typeof value !== 'object') return undefined;
  if (step === '*') return Array.isArray(value) ? value.map((one: unknown) => walk(one, rest)) : undefined;
  return Object.hasOwn(value, step) ? walk((value as Record<string, unknown>)[step], rest) : undefined;
}
