import type { MacroContext } from './macro-context.ts';

/** Takes itself and the newlines beside it away. */
export const TRIM = Symbol('trim');

/** One use of a macro. */
export interface MacroCall {
  context: MacroContext;
  /** How many arguments there are, a scoped one included. */
  count: number;
  /** The text of an argument; it is rendered only when it is asked for. Empty where there is none. */
  argument: (place: number) => string;
  /** Renders a text that has macros of its own, such as a card's field. One that names itself is empty inside. */
  render: (name: string, text: string) => string;
  /** Names the text, the place in it and the conversation: the same for every turn. */
  place: () => string;
  /** True for the first use only. */
  once: (name: string) => boolean;
}

export interface MacroDefinition {
  /** Fewest and most arguments. */
  takes: readonly [number, number];
  /** True when it may say something else on the next turn. */
  volatile?: boolean;
  run: (call: MacroCall) => string | typeof TRIM;
}

export type MacroTable = Readonly<Record<string, MacroDefinition>>;

/** A macro without arguments. */
export function plain(say: (call: MacroCall) => string, { volatile = false } = {}): MacroDefinition {
  return { takes: [0, 0], volatile, run: say };
}

/** Enough for anything a person writes: `{{random}}` with a thousand options. */
export const MANY_ARGUMENTS = 1000;
