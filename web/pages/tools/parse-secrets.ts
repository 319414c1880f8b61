/** `NAME=value` a line; a name alone keeps the value that is sealed, as null. */
export function parseSecrets(text: string): { secrets: Record<string, string | null>; badLine: string | null } {
  const secrets: Record<string, string | null> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [name = '', ...rest] = line.split('=');
    if (name.trim() === '' || /\s/.test(name.trim())) return { secrets, badLine: line };
    secrets[name.trim()] = rest.length === 0 ? null : rest.join('=').trim();
  }
  return { secrets, badLine: null };
}
