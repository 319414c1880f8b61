import { loreModeSchema } from '../../../contract/lore.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { MacroContext } from '../../lore/macros/macro-context.ts';
import { renderMacros } from '../../lore/macros/render-macros.ts';
import { seededNumber } from '../../lore/macros/seeded-number.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

export interface MacroFlags {
  char?: string;
  user?: string;
  seed?: string;
  mode?: string;
}

/** Prints what a text says with its macros replaced. Needs no house. */
export function renderMacroWord(context: CliContext, text: string, flags: MacroFlags): Promise<ExitCode> {
  const { clock, locale, terminal, texts } = context;
  const { char = texts.macroChar, user = texts.macroUser, seed } = flags;
  let thrown = 0;
  const macros: MacroContext = {
    mode: parseMode(flags.mode ?? 'st'),
    names: { char, user },
    now: clock.now(),
    locale,
    seed: seed ?? String(Math.random()),
    // With a seed the same words give the same text again.
    random: seed === undefined ? Math.random : () => seededNumber(`${seed}\u0000${(thrown += 1)}`),
    variables: { local: new Map(), global: new Map() },
  };
  terminal.print(renderMacros(text, macros));
  return Promise.resolve(EXIT.done);
}

function parseMode(text: string): MacroContext['mode'] {
  const mode = loreModeSchema.safeParse(text);
  if (mode.success) return mode.data;
  throw new InvalidInputError(`There is no mode “${text}”; there are ${loreModeSchema.options.join(', ')}.`, {
    field: 'mode',
  });
}
