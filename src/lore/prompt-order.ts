import type { Activation } from './lore-run.ts';
import type { LoreSlot } from './lore-types.ts';

/** From the top of the prompt to its end; outlets stand wherever a macro asks for them. */
const SLOTS: readonly LoreSlot[] = [
  'before-char',
  'before-desc',
  'after-desc',
  'personality',
  'scenario',
  'after-char',
  'examples-top',
  'examples-bottom',
  'reverse-depth',
  'at-depth',
  'note-top',
  'note-bottom',
  'outlet',
];
/** At one depth SillyTavern puts them so from top to bottom. */
const ROLES: readonly Activation['role'][] = ['assistant', 'user', 'system'];

interface Ranked {
  activation: Activation;
  /** Compared one after the other. */
  ranks: number[];
}

/**
 * By slot, then the deepest first, then by insertion order. SillyTavern builds its places from the end of its list, so
 * that of entries with equal order the later stands first. At one depth the entries of mode `spec` stand before those
 * of mode `st`, which stand by role first.
 */
export function inPromptOrder({ spec, st }: { spec: readonly Activation[]; st: readonly Activation[] }): Activation[] {
  const ranked: Ranked[] = [
    ...spec.map((activation, index) => ({
      activation,
      ranks: [...placeRanks(activation), 0, 0, orderOf(activation), index],
    })),
    ...st.toReversed().map((activation, index) => {
      const isAtDepth = activation.slot === 'at-depth';
      const role = isAtDepth ? ROLES.indexOf(activation.role) : 0;
      return {
        activation,
        ranks: [...placeRanks(activation), isAtDepth ? 1 : 0, role, orderOf(activation), spec.length + index],
      };
    }),
  ];
  return ranked.sort(byRanks).map(({ activation }) => activation);
}

function placeRanks({ slot, depth }: Activation): number[] {
  // Far from the end is near the top; counted from the start it is the other way round.
  const height = slot === 'reverse-depth' ? (depth ?? 0) : -(depth ?? 0);
  return [SLOTS.indexOf(slot), height];
}

function orderOf({ candidate }: Activation): number {
  return candidate.entry.order;
}

function byRanks({ ranks: one }: Ranked, { ranks: other }: Ranked): number {
  for (const [index, rank] of one.entries()) {
    const difference = rank - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
