import type { Stretch } from './cover.ts';

/** Messages of a scene; a last piece shorter than half of it joins the one before. */
const SCENE = 24;
const HALF_SCENE = SCENE / 2;
/** Fewer messages are no scene. */
const LEAST_SCENE = 4;
/** Scenes of a session. */
const SESSION_SCENES = 3;
/** Silence that ends a session, in milliseconds. */
export const SESSION_GAP = 4 * 60 * 60 * 1000;

/** A path as planning sees it. */
export interface PlannedPath {
  /** When each message was written, epoch ms, in path order. */
  times: readonly number[];
  /** Messages that nobody is about to write again, counted from the beginning. */
  settled: number;
  now: number;
}

/**
 * The scenes that are missing on a path, in order. Those that hold stay where they are and the gaps between them are
 * filled: so a change of one message costs one scene, wherever it is, and a branch keeps the scenes it shares.
 */
export function missingScenes({ times, settled, now }: PlannedPath, held: readonly Stretch[]): Stretch[] {
  const holes = holesBetween(held, times.length);
  return holes.flatMap((hole) =>
    sittings(times, hole).flatMap((run) => {
      const isLast = run.to === times.length - 1;
      const isOpen = isLast && now - (times[run.to] ?? now) < SESSION_GAP;
      return isOpen ? wholeScenes({ from: run.from, to: Math.min(run.to, settled - 1) }) : closedScenes(run);
    }),
  );
}

/** The sessions that have closed and are missing: scenes of one sitting, at most three. */
export function missingSessions(
  { times, now }: Omit<PlannedPath, 'settled'>,
  { scenes, sessions }: { scenes: readonly Stretch[]; sessions: readonly Stretch[] },
): Stretch[] {
  const isTold = (scene: Stretch): boolean => sessions.some(({ from, to }) => from <= scene.to && to >= scene.from);
  const closed: Stretch[] = [];
  let group: Stretch[] = [];
  const close = (): void => {
    const [first] = group;
    const last = group.at(-1);
    if (first && last) closed.push({ from: first.from, to: last.to });
    group = [];
  };
  for (const scene of scenes) {
    const last = group.at(-1);
    if (last && (isTold(scene) || hasGap(times, last.to, scene.from))) close();
    if (isTold(scene)) continue;
    group.push(scene);
    if (group.length === SESSION_SCENES) close();
  }
  const last = group.at(-1);
  if (last) {
    const end = times.length - 1;
    const silent = now - (times[end] ?? now) >= SESSION_GAP;
    if (silent || hasGap(times, last.to, end)) close();
  }
  return closed;
}

/** When the sitting that a path ends with will have closed, if nothing more is said; null where it has. */
export function closesAt({ times, now }: Pick<PlannedPath, 'times' | 'now'>): number | null {
  const end = times.at(-1);
  return end === undefined || now - end >= SESSION_GAP ? null : end + SESSION_GAP;
}

function holesBetween(held: readonly Stretch[], length: number): Stretch[] {
  const holes: Stretch[] = [];
  let from = 0;
  for (const stretch of held.toSorted((left, right) => left.from - right.from)) {
    if (stretch.from > from) holes.push({ from, to: stretch.from - 1 });
    from = Math.max(from, stretch.to + 1);
  }
  if (from < length) holes.push({ from, to: length - 1 });
  return holes;
}

function sittings(times: readonly number[], { from, to }: Stretch): Stretch[] {
  const runs: Stretch[] = [];
  let begin = from;
  for (let index = from + 1; index <= to; index += 1) {
    if (!hasGap(times, index - 1, index)) continue;
    runs.push({ from: begin, to: index - 1 });
    begin = index;
  }
  return [...runs, { from: begin, to }];
}

function hasGap(times: readonly number[], from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) {
    if ((times[index + 1] ?? 0) - (times[index] ?? 0) >= SESSION_GAP) return true;
  }
  return false;
}

function wholeScenes({ from, to }: Stretch): Stretch[] {
  const scenes: Stretch[] = [];
  for (let begin = from; begin + SCENE - 1 <= to; begin += SCENE) scenes.push({ from: begin, to: begin + SCENE - 1 });
  return scenes;
}

function closedScenes(run: Stretch): Stretch[] {
  const scenes = wholeScenes(run);
  const begin = (scenes.at(-1)?.to ?? run.from - 1) + 1;
  const rest = run.to - begin + 1;
  if (rest === 0) return scenes;
  const last = scenes.at(-1);
  if (last && rest < HALF_SCENE) return [...scenes.slice(0, -1), { from: last.from, to: run.to }];
  return rest < LEAST_SCENE ? scenes : [...scenes, { from: begin, to: run.to }];
}
