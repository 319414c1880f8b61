import type { Message } from '../contract/messages.ts';

type Known = ReadonlyMap<string, Message>;

/** What was known when something was asked: what was told of a message meanwhile is newer than the answer. */
export interface Asked {
  since?: Known;
}

/** Those of an answer that nothing was told of since it was asked for. */
export function untold(known: Known, messages: readonly Message[], since: Asked['since']): Message[] {
  return messages.filter(({ id }) => since === undefined || known.get(id) === since.get(id));
}

/** What was told since then. */
export function toldSince(known: Known, since: Asked['since']): Map<string, Message> {
  return new Map([...known].filter(([id, message]) => since !== undefined && since.get(id) !== message));
}

/** What of a path stands above a page of it; after a gap it is shown until it is read again, too. */
export function shownAbove(path: readonly Message[], [first]: readonly Message[]): readonly Message[] {
  return first === undefined ? [] : path.filter(({ depth }) => depth < first.depth);
}
