import { RE2JS, RE2Set } from 're2js';

/**
 * A regular expression of a book. `linear` runs on RE2 in time proportional to the text; `backtracking` uses what RE2
 * has not (lookaround, backreferences) and runs on V8, which may take exponential time, so `RegexGuard` bounds it.
 */
export type Pattern =
  | { kind: 'linear'; size: number; test: (text: string) => boolean }
  | { kind: 'backtracking'; test: (text: string) => boolean }
  | { kind: 'invalid' };

/**
 * Bytes for the automaton of one expression. It grows while it reads, and a hostile expression fills whatever it gets,
 * which takes a second for the library's usual 8 MB; beyond this RE2 goes on without one. Only a set has this limit.
 */
const AUTOMATON_BYTES = 128 * 1024;

/** JavaScript's white space beyond ASCII, which RE2's `\s` leaves out. */
const WIDE_SPACE = String.raw`\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;

/** Compiles a pattern in JavaScript's syntax; what JavaScript refuses is invalid. */
export function compilePattern(source: string, flags: string): Pattern {
  const native = compileNative(source, flags);
  if (!native) return { kind: 'invalid' };
  const linear = flags.includes('y') ? undefined : compileLinear(source, flags);
  if (linear) {
    return { kind: 'linear', size: linear.prog.numInst(), test: (text) => linear.match(text).length > 0 };
  }
  return {
    kind: 'backtracking',
    test: (text) => {
      native.lastIndex = 0;
      return native.test(text);
    },
  };
}

function compileNative(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function compileLinear(source: string, flags: string): RE2Set | undefined {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  try {
    const set = new RE2Set(RE2Set.UNANCHORED, bits, AUTOMATON_BYTES);
    set.add(RE2JS.translateRegExp(withWideSpace(source)));
    set.compile();
    return set;
  } catch {
    return undefined;
  }
}

/** `\s` and `\S` as JavaScript means them, inside and outside of character classes. */
function withWideSpace(source: string): string {
  let inClass = false;
  let result = '';
  for (let index = 0; index < source.length; index += 1) {
    const letter = source[index] ?? '';
    if (letter === '\\') {
      const next = source[index + 1] ?? '';
      index += 1;
      if (next === 's') result += inClass ? `\\s${WIDE_SPACE}` : `[\\s${WIDE_SPACE}]`;
      else if (next === 'S' && !inClass) result += `[^\\s${WIDE_SPACE}]`;
      else result += letter + next;
      continue;
    }
    if (letter === '[') inClass = true;
    else if (letter === ']') inClass = false;
    result += letter;
  }
  return result;
}
