/**
 * `/pattern/flags` as SillyTavern reads it: flags of `gimsuy`, every inner slash escaped. Null means that the key is
 * plain text.
 */
export function slashedPattern(key: string): { source: string; flags: string } | null {
  const end = key.lastIndexOf('/');
  if (!key.startsWith('/') || end < 2) return null;
  const flags = key.slice(end + 1);
  const source = key.slice(1, end);
  if (!/^[gimsuy]*$/.test(flags) || /(?:^|[^\\])\//.test(source)) return null;
  // A repeated flag is no expression, in JavaScript as here.
  if (new Set(flags).size !== flags.length) return null;
  return { source: source.replaceAll('\\/', '/'), flags: flags.replace('g', '') };
}
