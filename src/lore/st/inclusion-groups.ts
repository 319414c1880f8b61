import type { Candidate } from '../lore-run.ts';

/** Names of the groups an entry belongs to. */
export function groupsOf({ entry }: Candidate): string[] {
  return entry.group
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export interface GroupRules {
  isSticky: (candidate: Candidate) => boolean;
  /** Key hits; asked only where scoring is on. */
  score: (candidate: Candidate) => number;
  scoreByDefault: boolean;
  random: () => number;
}

/**
 * SillyTavern's inclusion groups: of each group one entry stays. A sticky member wins over the others; scoring keeps
 * those with the most key hits; a group that is in the prompt already lets no other in; then `groupOverride` with the
 * highest order, else a roll weighted by `groupWeight`. An entry in several groups must survive them all.
 * @param newcomers in list order. @param active entries of earlier loops.
 */
export function survivorsOfGroups(
  newcomers: readonly Candidate[],
  active: Iterable<Candidate>,
  rules: GroupRules,
): Candidate[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of newcomers) {
    for (const name of groupsOf(candidate)) groups.set(name, [...(groups.get(name) ?? []), candidate]);
  }
  if (groups.size === 0) return [...newcomers];
  const taken = new Set([...active].flatMap(groupsOf));
  const removed = new Set<Candidate>();
  for (const [name, members] of groups) {
    const present = members.filter((member) => !removed.has(member));
    const kept = new Set(keptOf(present, { ...rules, isTaken: taken.has(name) }));
    for (const member of present) if (!kept.has(member)) removed.add(member);
  }
  return newcomers.filter((candidate) => !removed.has(candidate));
}

function keptOf(members: readonly Candidate[], rules: GroupRules & { isTaken: boolean }): Candidate[] {
  const sticky = members.filter(rules.isSticky);
  if (sticky.length > 0) return sticky;
  const scored = bestScored(members, rules);
  if (rules.isTaken) return [];
  if (scored.length <= 1) return scored;
  const preferred = scored
    .filter(({ entry }) => entry.groupOverride)
    .sort((one, other) => other.entry.order - one.entry.order)[0];
  return [preferred ?? rolled(scored, rules.random)].filter((winner) => winner !== undefined);
}

function bestScored(members: readonly Candidate[], { score, scoreByDefault }: GroupRules): Candidate[] {
  if (!scoreByDefault && !members.some(({ entry }) => entry.useGroupScoring === true)) return [...members];
  const scores = members.map((member) => score(member));
  const best = Math.max(...scores);
  return members.filter(
    (member, index) => !(member.entry.useGroupScoring ?? scoreByDefault) || (scores[index] ?? 0) >= best,
  );
}

function rolled(members: readonly Candidate[], random: () => number): Candidate | undefined {
  const weightOf = ({ entry }: Candidate) => Math.max(0, entry.groupWeight);
  const total = members.reduce((sum, member) => sum + weightOf(member), 0);
  const roll = random() * total;
  let reached = 0;
  return (
    members.find((member) => {
      reached += weightOf(member);
      return roll <= reached && weightOf(member) > 0;
    }) ?? members.at(-1)
  );
}
