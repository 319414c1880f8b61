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
  const nameOf = ({ slot, depth, role, outlet }: LorePlacement) =>
    [placeName(slot), depth, depth === null ? null : role, outlet].filter((part) => part !== null).join(' ');
  return { before: '', after: '', ...joinTexts(placements, nameOf) };
}

/** Texts with the same name, in prompt order, an entry to a line. */
export function joinTexts(
  placements: readonly LorePlacement[],
  nameOf: (placement: LorePlacement) => string,
): Record<string, string> {
  const texts = Map.groupBy(placements, nameOf);
  return Object.fromEntries([...texts].map(([name, group]) => [name, group.map(({ text }) => text).join('\n')]));
}
