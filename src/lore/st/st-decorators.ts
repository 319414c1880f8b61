/** SillyTavern knows these two, and takes every line that begins like one of them for known. */
const KNOWN = ['@@activate', '@@dont_activate'] as const;

export interface StContent {
  activate: boolean;
  dontActivate: boolean;
  content: string;
}

/**
 * The decorators SillyTavern honours. Its test is by prefix: `@@activate_only_after 3` counts as known, does nothing
 * and keeps its fallback from being read.
 */
export function readStContent(content: string): StContent {
  const found: StContent = { activate: false, dontActivate: false, content };
  if (!content.startsWith('@@')) return found;
  const lines = content.split('\n');
  let isFallbackOpen = false;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('@@')) {
      found.content = lines.slice(index).join('\n');
      break;
    }
    const isFallback = line.startsWith('@@@');
    if (isFallback && !isFallbackOpen) continue;
    const name = isFallback ? line.slice(1) : line;
    const isKnown = KNOWN.some((known) => name.startsWith(known));
    if (name === '@@activate') found.activate = true;
    if (name === '@@dont_activate') found.dontActivate = true;
    isFallbackOpen = !isKnown;
  }
  return found;
}
