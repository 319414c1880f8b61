/** JSON that was sent or stored; undefined where it is none. Parsed by a schema, or only shown. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
