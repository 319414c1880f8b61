import type { ModelEntry } from './catalog.ts';
import type { Machine } from './machine.ts';

/** Nobody's connection is asked for more than this without a question, bytes. */
export const MOST_SILENT_BYTES = 600_000_000;
/** Machines report less than is printed on the box: firmware and graphics take their share. */
const REPORTED_SHARE = 0.9;

export type StarterChoice =
  /** Nothing to fetch. */
  | { kind: 'installed'; entry: ModelEntry }
  | { kind: 'fetch'; entry: ModelEntry }
  | { kind: 'none'; reason: 'unreachable' | 'no-starter' };

/** The language of a locale: `zh` for `zh-CN`. */
export function languageOf(locale: string): string {
  return (locale.split(/[-_]/)[0] ?? '').toLowerCase();
}

/** Entries with an unknown language (an owner's own file) may well speak it. */
function speaks(entry: ModelEntry, language: string): boolean {
  return entry.languages.length === 0 || entry.languages.includes(language);
}

export function fits(entry: ModelEntry, machine: Pick<Machine, 'ramGiB'>): boolean {
  return machine.ramGiB >= entry.recommendedRamGiB * REPORTED_SHARE;
}

/**
 * The best of the models that are here already; null when there is none for people. One that speaks the language comes
 * before one that does not, one that fits the machine before one that does not, a proper one before a fallback, then
 * the larger.
 */
export function chooseInstalled({
  entries,
  installed,
  locale,
  machine,
}: {
  entries: readonly ModelEntry[];
  installed: ReadonlySet<string>;
  locale: string;
  machine: Pick<Machine, 'ramGiB'>;
}): ModelEntry | null {
  const language = languageOf(locale);
  const rank = (entry: ModelEntry) => [
    Number(speaks(entry, language)),
    Number(fits(entry, machine)),
    Number(!entry.fallback),
    entry.sizeBytes,
  ];
  const here = entries.filter((entry) => installed.has(entry.id) && entry.use !== 'test');
  return best(here, rank);
}

/** The starters whose sources are worth asking. */
export function starterCandidates(entries: readonly ModelEntry[], locale: string): ModelEntry[] {
  const language = languageOf(locale);
  const small = entries.filter((entry) => entry.use === 'starter' && entry.sizeBytes <= MOST_SILENT_BYTES);
  const speaking = small.filter((entry) => entry.languages.includes(language));
  return speaking.length > 0 ? speaking : small;
}

/**
 * What a first start does: an installed model wins; else the smallest reachable starter that speaks the owner's
 * language, a fallback only where nothing else can be reached.
 */
export function chooseStarter({
  entries,
  installed,
  reachable,
  locale,
  machine,
}: {
  entries: readonly ModelEntry[];
  installed: ReadonlySet<string>;
  reachable: ReadonlySet<string>;
  locale: string;
  machine: Pick<Machine, 'ramGiB'>;
}): StarterChoice {
  const here = chooseInstalled({ entries, installed, locale, machine });
  if (here) return { kind: 'installed', entry: here };
  const candidates = starterCandidates(entries, locale);
  if (candidates.length === 0) return { kind: 'none', reason: 'no-starter' };
  const within = candidates.filter((entry) => reachable.has(entry.id));
  const chosen = best(within, (entry) => [Number(!entry.fallback), Number(fits(entry, machine)), -entry.sizeBytes]);
  return chosen ? { kind: 'fetch', entry: chosen } : { kind: 'none', reason: 'unreachable' };
}

/** The model this machine is best served by, installed or not; null when even the smallest does not fit. */
export function chooseRecommended({
  entries,
  machine,
  locale,
}: {
  entries: readonly ModelEntry[];
  machine: Pick<Machine, 'ramGiB'>;
  locale: string;
}): ModelEntry | null {
  const language = languageOf(locale);
  const offered = entries.filter(
    (entry) =>
      (entry.use === 'recommended' || entry.use === 'starter') &&
      !entry.optIn &&
      !entry.fallback &&
      fits(entry, machine),
  );
  const speaking = offered.filter((entry) => entry.languages.includes(language));
  return best(speaking.length > 0 ? speaking : offered, (entry) => [entry.recommendedRamGiB, entry.sizeBytes]);
}

/** The entry whose ranks are greatest, compared from the first on. */
function best(entries: readonly ModelEntry[], rank: (entry: ModelEntry) => readonly number[]): ModelEntry | null {
  const ordered = entries.toSorted((left, right) => {
    const [a, b] = [rank(left), rank(right)];
    for (const [index, value] of a.entries()) {
      const difference = (b[index] ?? 0) - value;
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return ordered[0] ?? null;
}
