/** Ends a plain key: commas of both scripts, the Chinese enumeration comma, a new line. */
const ENDING = /[,，、\n]/;

/** The keys that are finished in what was typed or pasted, and the rest that is not. A pattern ends with its line. */
export function splitKeys(text: string, patterns: boolean): { keys: string[]; rest: string } {
  const keys: string[] = [];
  let rest = text;
  for (;;) {
    const isPattern = patterns || rest.trimStart().startsWith('/');
    const end = isPattern ? rest.indexOf('\n') : rest.search(ENDING);
    if (end < 0) break;
    keys.push(rest.slice(0, end).trim());
    rest = rest.slice(end + 1);
  }
  return { keys: keys.filter((key) => key !== ''), rest: rest.trimStart() };
}
