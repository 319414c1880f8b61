import type { Message } from '../../../contract/messages.ts';

/** A call as its transcript shows it. Times in epoch ms. */
export interface CallMarkFacts {
  callId: string;
  startedAt: number;
  /** From the first word to the end of the last. */
  durationInMs: number;
}

/** Above which messages a call begins: by message id. A call that typing interrupted is one call. */
export function callMarks(path: readonly Message[]): ReadonlyMap<string, CallMarkFacts> {
  const marks = new Map<string, CallMarkFacts>();
  const firstOf = new Map<string, string>();
  for (const { id, createdAt, author, parts } of path) {
    const voice = parts.find((part) => part.type === 'voice');
    if (voice === undefined || voice.callId === null) continue;
    const { callId, durationInMs } = voice;
    const firstId = firstOf.get(callId) ?? id;
    firstOf.set(callId, firstId);
    // A person's turn is kept when it ends, a reply when it begins.
    const [begun, ended] =
      author.kind === 'human' ? [createdAt - durationInMs, createdAt] : [createdAt, createdAt + durationInMs];
    const startedAt = marks.get(firstId)?.startedAt ?? begun;
    marks.set(firstId, { callId, startedAt, durationInMs: ended - startedAt });
  }
  return marks;
}
