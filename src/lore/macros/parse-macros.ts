import type { LoreMode } from '../../../contract/lore.ts';

/** Macros deeper inside each other than this stay as they are written. */
const MAX_NESTING = 48;

export interface TextNode {
  kind: 'text';
  text: string;
}

/** `<USER>` and its kin. */
export interface TagNode {
  kind: 'tag';
  name: string;
  text: string;
}

export interface MacroNode {
  kind: 'macro';
  /** In the text that was parsed. */
  start: number;
  end: number;
  /** Lower case; null when this is no macro by its form. `//` is the comment. */
  name: string | null;
  /** `{{/name}}` */
  closing: boolean;
  /** `#`: a scoped argument keeps its white space. */
  keepSpace: boolean;
  /** `.` or `$` when it is the shorthand of a variable, whose rest begins with the variable's name. */
  variable: '.' | '$' | null;
  /** What follows the name and its separator. */
  rest: Node[];
  /** Everything between the braces. */
  inner: Node[];
}

export type Node = TextNode | TagNode | MacroNode;

type Head = Pick<MacroNode, 'name' | 'closing' | 'keepSpace' | 'variable' | 'rest'>;

interface Frame {
  start: number;
  nodes: Node[];
}

const SPEC_TOKENS = /\{{2,}|\}\}|<(?:bot|char|user)>/gi;
const ST_TOKENS = /\\\{\\\{|\\\}\\\}|\{{2,}|\}\}|<(?:bot|char|user|group|charifnotgroup)>/gi;

/**
 * Reads a text into macros and what stands between them, in one pass. Braces that belong to no macro are text.
 * Syntax: SillyTavern-Docs, "Macros"; Character Card V3, "Curly Braced Syntaxes".
 */
export function parseMacros(text: string, mode: LoreMode): Node[] {
  const frames: Frame[] = [{ start: 0, nodes: [] }];
  /** Openers too deep to be read; their closers are text like themselves. */
  let tooDeep = 0;
  let at = 0;
  for (const { 0: token, index } of text.matchAll(mode === 'st' ? ST_TOKENS : SPEC_TOKENS)) {
    addText(frames, text.slice(at, index));
    at = index + token.length;
    if (token.startsWith('{')) tooDeep = openMacros(frames, { token, index, tooDeep });
    else if (token.startsWith('<'))
      nodesOf(frames).push({ kind: 'tag', name: token.slice(1, -1).toLowerCase(), text: token });
    else if (token.startsWith('\\')) addText(frames, token.replaceAll('\\', ''));
    else if (tooDeep > 0) {
      tooDeep -= 1;
      addText(frames, token);
    } else if (frames.length === 1) addText(frames, token);
    else closeMacro(frames, at);
  }
  addText(frames, text.slice(at));
  while (frames.length > 1) unwrapUnclosed(frames);
  return nodesOf(frames);
}

function nodesOf(frames: readonly Frame[]): Node[] {
  return frames.at(-1)?.nodes ?? [];
}

function addText(frames: readonly Frame[], text: string): void {
  if (text === '') return;
  const nodes = nodesOf(frames);
  const last = nodes.at(-1);
  if (last?.kind === 'text') last.text += text;
  else nodes.push({ kind: 'text', text });
}

/** Of an odd run of braces the first is a brace: `{{{char}}}` is a name in braces. */
function openMacros(
  frames: Frame[],
  { token, index, tooDeep }: { token: string; index: number; tooDeep: number },
): number {
  const odd = token.length % 2;
  if (odd === 1) addText(frames, '{');
  let unread = tooDeep;
  for (let offset = odd; offset < token.length; offset += 2) {
    if (unread > 0 || frames.length > MAX_NESTING) {
      unread += 1;
      addText(frames, '{{');
    } else frames.push({ start: index + offset, nodes: [] });
  }
  return unread;
}

function closeMacro(frames: Frame[], end: number): void {
  const frame = frames.pop();
  if (!frame) return;
  nodesOf(frames).push({ kind: 'macro', start: frame.start, end, ...readHead(frame.nodes), inner: frame.nodes });
}

function unwrapUnclosed(frames: Frame[]): void {
  const frame = frames.pop();
  addText(frames, '{{');
  const nodes = nodesOf(frames);
  for (const node of frame?.nodes ?? []) {
    if (node.kind === 'text') addText(frames, node.text);
    else nodes.push(node);
  }
}

const VARIABLE = /^[\s!?~>#]*([.$])(?=[a-z])/i;
const COMMENT = /^[\s!?~>#]*\/\//;
const COMMENT_END = /^\s*\/\s*\/\/\s*$/;
/** `{{time_UTC+2}}` has its argument grown on. */
const TIME_ZONE = /^\s*(time)_(?=utc[+-]\d)/i;
const NAME = /^([\s!?~>#/]*)([a-z](?:[\w-]*\w)?)(?:\s*::|\s*:|\s+|$)/i;

/** Names are plain text at the beginning; a macro that would give one is no name. */
function readHead(inner: readonly Node[]): Head {
  const first = inner[0];
  const text = first?.kind === 'text' ? first.text : '';
  const head = { name: null, closing: false, keepSpace: false, variable: null };
  const after = (length: number): Node[] => {
    const left = text.slice(length);
    return [...(left === '' ? [] : [{ kind: 'text', text: left } as const]), ...inner.slice(1)];
  };
  if (inner.length === 1 && COMMENT_END.test(text)) return { ...head, name: '//', closing: true, rest: [] };
  const comment = COMMENT.exec(text);
  if (comment) return { ...head, name: '//', keepSpace: comment[0].includes('#'), rest: after(comment[0].length) };
  const variable = VARIABLE.exec(text);
  if (variable) {
    return { ...head, variable: variable[1] === '$' ? '$' : '.', rest: after(variable[0].length) };
  }
  const zone = TIME_ZONE.exec(text);
  if (zone) return { ...head, name: 'time', rest: after(zone[0].length) };
  const named = NAME.exec(text);
  if (!named?.[2]) return { ...head, rest: [] };
  // Before a nested macro, a name needs its separator.
  if (named[0] === text && inner.length > 1 && !/[\s:]$/.test(text)) return { ...head, rest: [] };
  const flags = named[1] ?? '';
  return {
    ...head,
    name: named[2].toLowerCase(),
    closing: flags.includes('/'),
    keepSpace: flags.includes('#'),
    rest: after(named[0].length),
  };
}
