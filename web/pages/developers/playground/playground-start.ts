import type { PlaygroundStart } from './read-request.ts';

let waiting: PlaygroundStart | null = null;

/** Lays something out for the playground to begin with, once. */
export function prepareStart(start: PlaygroundStart): void {
  waiting = start;
}

export function takeStart(): PlaygroundStart | null {
  return waiting;
}

export function clearStart(): void {
  waiting = null;
}
