import { NOTHING, WAIT, type Found, type MarkupPlace } from './markup-scan.ts';

/** Could still become a fence, a rule, a heading, a list's or a table's mark. */
const UNFINISHED_MARK = /^[ \t]*(?:`{0,2}|~{0,2}|#{1,6}|[>•+]|[-*_]+[-*_ \t]*|\|?[ \t]*:?-+[-:| \t]*|\d{1,3}[.)]?)$/u;
const RULE = /^[ \t]*(?:([-*_])(?:[ \t]*\1){2,}|\|?[ \t]*:?-{2,}[-:| \t]*)[ \t]*(?:\n|$)/u;
const OPENING_FENCE = /^[ \t]{0,3}(`{3,}|~{3,})/u;
const MARKS = /^[ \t]*(?:#{1,6}[ \t]+|(?:>[ \t]?)+|[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?)/u;
const NUMBER = /^([ \t]*\d{1,3})[.)](?=[ \t])/u;

/** What Markdown puts at the beginning of a line. `text` begins there. */
export function readLineStart({ text, at, ending }: MarkupPlace): Found {
  const line = text.slice(at, at + 400);
  const fence = OPENING_FENCE.exec(line);
  if (fence) return readFence({ text, at, ending, mark: fence[1] ?? '' });
  const whole = line.includes('\n') || ending || line.length === 400;
  const rule = RULE.exec(line);
  if (rule && whole) return { is: 'silent', end: at + rule[0].length };
  if (!ending && UNFINISHED_MARK.test(line)) return WAIT;
  const marks = MARKS.exec(line);
  if (marks) return { is: 'silent', end: at + marks[0].length };
  const number = NUMBER.exec(line);
  if (number) return { is: 'said', end: at + number[0].length, as: `${(number[1] ?? '').trim()},` };
  return NOTHING;
}

/**
 * A block of code is not read aloud. One that is never closed ends at its first empty line, so that a forgotten fence
 * does not swallow the reply.
 */
function readFence({ text, at, ending, mark }: { text: string; at: number; ending: boolean; mark: string }): Found {
  const closing = new RegExp(`\\n[ \\t]{0,3}${mark[0] ?? '`'}{${String(mark.length)},}[ \\t]*(?:\\n|$)`, 'u');
  const found = closing.exec(text.slice(at));
  if (found) {
    const end = at + found.index + found[0].length;
    if (ending || end < text.length || found[0].endsWith('\n')) return { is: 'silent', end };
    return WAIT;
  }
  if (!ending && text.length - at < LONGEST_FENCE) return WAIT;
  const empty = /\n[ \t]*\n/u.exec(text.slice(at));
  return { is: 'silent', end: empty ? at + empty.index + empty[0].length : text.length };
}

/** Characters of a block of code that are waited for. */
export const LONGEST_FENCE = 20_000;
