import { MANY_ARGUMENTS, type MacroCall, type MacroTable } from './macro-definition.ts';
import { seededNumber } from './seeded-number.ts';

/** Of dice thrown at once, and of a die's sides. */
const MAX_DICE = 1000;
const MAX_SIDES = 1_000_000_000;

/** `a::b` keeps commas; of one argument the commas divide, unless `\,` says otherwise. */
function optionsOf({ count, argument }: MacroCall): string[] {
  if (count > 1) return Array.from({ length: count }, (_, place) => argument(place));
  return argument(0)
    .split(/(?<!\\),/)
    .map((option) => option.replaceAll('\\,', ',').trim());
}

function choose(options: readonly string[], chance: number): string {
  return options[Math.min(options.length - 1, Math.floor(chance * options.length))] ?? '';
}

/** `6`, `d6`, `2d6`, `1d20+3`, `d%`; anything else is no throw and says nothing. */
function roll(written: string, random: () => number): string {
  const form = /^(?:(\d{0,6})d)?(\d{1,10}|%)\s*(?:([+-])\s*(\d{1,9}))?$/i.exec(written.trim());
  if (!form) return '';
  const [, dice, faces, sign, more] = form;
  const count = dice === undefined || dice === '' ? 1 : Number(dice);
  const sides = faces === '%' ? 100 : Number(faces);
  if (count < 1 || count > MAX_DICE || sides < 1 || sides > MAX_SIDES) return '';
  let sum = 0;
  for (let die = 0; die < count; die += 1) sum += 1 + Math.min(sides - 1, Math.floor(random() * sides));
  return String(sum + (more === undefined ? 0 : Number(more) * (sign === '-' ? -1 : 1)));
}

/** What is left to chance: for `random` and `roll` anew each time, for `pick` once and for all. */
export const chanceMacros: MacroTable = {
  random: {
    takes: [1, MANY_ARGUMENTS],
    volatile: true,
    run: (call) => choose(optionsOf(call), call.context.random()),
  },
  pick: {
    takes: [1, MANY_ARGUMENTS],
    run: (call) => {
      const options = optionsOf(call);
      const { mode, seed } = call.context;
      return choose(options, seededNumber(`${seed}\u0000${mode === 'spec' ? options.join('\u0000') : call.place()}`));
    },
  },
  roll: {
    takes: [1, 1],
    volatile: true,
    run: ({ argument, context }) => roll(argument(0), context.random),
  },
};
