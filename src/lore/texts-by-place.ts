import type { LorePlacement } from './lore-types.ts';

/** Short names of the places, as people see them. */
export function placeName(slot: string): string {
  return slot === 'before-char' ? 'before' : slot === 'after-char' ? 'after' : slot;
}

/**
 * What stands at each place, in prompt order, an entry to a line. `before` and `after` are always there; depths and
 * outlets have names such as `at-depth 4 system` and `outlet Sea`.
 */
export function textsByPlace(placements: readonly LorePlacement[]): Record<string, string> {
  const texts = new Map<string, string[]>([
    ['before', []],
    ['after', []],
  ]);
  for (const { slot, depth, role, outlet, text } of placements) {
    const name = [placeName(slot), depth, depth === null ? null : role, outlet]
      .filter((part) => part !== null)
      .join(' ');
    texts.set(name, [...(texts.get(name) ?? []), text]);
  }
  return Object.fromEntries([...texts].map(([name, lines]) => [name, lines.join('\n')]));
}
