import type { MacroContext } from './macro-context.ts';
import { renderMacros } from './render-macros.ts';

/** Wednesday, 25 November 2026, 13:05:09.042 UTC. */
export const FIXTURE_NOW = Date.UTC(2026, 10, 25, 13, 5, 9, 42);

/** A context for tests, in UTC; every die shows the middle. */
export function macroContext(some: Partial<MacroContext> = {}): MacroContext {
  return {
    mode: 'st',
    names: { char: 'Mira', user: '小明' },
    now: FIXTURE_NOW,
    timeZone: 'UTC',
    seed: 'conversation-1',
    random: () => 0.5,
    variables: { local: new Map(), global: new Map() },
    ...some,
  };
}

export function render(text: string, some: Partial<MacroContext> = {}): string {
  return renderMacros(text, macroContext(some));
}
