import type { Node } from './parse-macros.ts';

/** Splits at `::` in plain text, into at most `most` arguments; the last keeps what is left. None where nothing stands. */
export function splitArguments(rest: readonly Node[], most: number): Node[][] {
  if (rest.length === 0 || most === 0) return rest.every(isBlank) ? [] : [[...rest]];
  const found: Node[][] = [[]];
  for (const node of rest) {
    if (node.kind !== 'text') {
      found.at(-1)?.push(node);
      continue;
    }
    let { text } = node;
    while (found.length < most) {
      const cut = text.indexOf('::');
      if (cut === -1) break;
      pushText(found.at(-1), text.slice(0, cut));
      found.push([]);
      text = text.slice(cut + 2);
    }
    pushText(found.at(-1), text);
  }
  return found.length === 1 && (found[0] ?? []).every(isBlank) ? [] : found.map(trimPlain);
}

function isBlank(node: Node): boolean {
  return node.kind === 'text' && node.text.trim() === '';
}

function pushText(nodes: Node[] | undefined, text: string): void {
  if (text !== '') nodes?.push({ kind: 'text', text });
}

/** White space at the ends goes where it was written, not where a macro put it. */
function trimPlain(nodes: readonly Node[]): Node[] {
  const trimmed = [...nodes];
  const first = trimmed[0];
  if (first?.kind === 'text') trimmed[0] = { kind: 'text', text: first.text.trimStart() };
  const last = trimmed.at(-1);
  if (last?.kind === 'text') trimmed[trimmed.length - 1] = { kind: 'text', text: last.text.trimEnd() };
  return trimmed;
}

/**
 * For each macro that is closed by a `{{/name}}` behind it, the place of that closer. `opens` says whether a macro has
 * room for one more argument.
 */
export function pairScopes(nodes: readonly Node[], opens: (node: Node) => string | null): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: { name: string; place: number }[] = [];
  const waiting = new Map<string, number>();
  const count = (name: string, by: number) => waiting.set(name, (waiting.get(name) ?? 0) + by);
  for (const [place, node] of nodes.entries()) {
    if (node.kind !== 'macro' || node.name === null) continue;
    if (!node.closing) {
      const name = opens(node);
      if (name === null) continue;
      open.push({ name, place });
      count(name, 1);
    } else if ((waiting.get(node.name) ?? 0) > 0) {
      for (let last = open.pop(); last; last = open.pop()) {
        count(last.name, -1);
        if (last.name !== node.name) continue;
        pairs.set(last.place, place);
        break;
      }
    }
  }
  return pairs;
}

/** Takes the ends' white space away, and the first line's indentation from every line. */
export function dedent(text: string): string {
  const lines = text.split('\n');
  const indent = /^[ \t]*/.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  if (indent === '') return text.trim();
  return lines
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n')
    .trim();
}
