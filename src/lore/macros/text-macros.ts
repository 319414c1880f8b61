import { TRIM, plain, type MacroCall, type MacroDefinition, type MacroTable } from './macro-definition.ts';

/** Of a repeated space or newline. */
const MAX_REPEATS = 1000;

function repeated(text: string): MacroDefinition {
  return {
    takes: [0, 1],
    run: ({ count, argument }) => text.repeat(count === 0 ? 1 : repeatsOf(argument(0))),
  };
}

function repeatsOf(written: string): number {
  const times = Number.parseInt(written, 10);
  return Number.isNaN(times) ? 1 : Math.min(Math.max(times, 0), MAX_REPEATS);
}

function reverse(text: string): string {
  // Signs of several units, such as families and flags, stay whole.
  if (!/[^\p{ASCII}]/u.test(text)) return text.split('').reverse().join('');
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
    .reverse()
    .join('');
}

const shownToPeople = ({ context, argument }: MacroCall) => (context.forDisplay === true ? argument(0) : '');

/** Words about words. */
export const textMacros: MacroTable = {
  '//': { takes: [0, 1], run: () => '' },
  comment: { takes: [0, 1], run: shownToPeople },
  hidden_key: {
    takes: [1, 1],
    run: ({ context, argument }) => (context.forMatching === true ? argument(0) : ''),
  },
  reverse: { takes: [1, 1], run: ({ argument }) => reverse(argument(0)) },
  newline: repeated('\n'),
  space: repeated(' '),
  noop: plain(() => ''),
  trim: { takes: [0, 1], run: ({ count, argument }) => (count === 0 ? TRIM : argument(0).trim()) },
  /** Words a text-completion backend should not say; SillyTavern takes them out of the text, too. */
  banned: { takes: [1, 1], run: () => '' },
  input: plain(({ context }) => context.input ?? '', { volatile: true }),
  outlet: {
    takes: [1, 1],
    volatile: true,
    run: ({ context, argument }) => context.outlets?.get(argument(0)) ?? '',
  },
};
