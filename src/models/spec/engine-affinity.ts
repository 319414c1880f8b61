/** Between a conversation and who speaks in it; no id has it. */
const SEPARATOR = '/';

/**
 * Which calls share a prefix: those of a conversation, and in a room those of one speaker in it, whose prompt holds its
 * own card and what it witnessed. `speakerId` is null where only one character speaks.
 */
export function engineAffinity(conversationId: string, speakerId: string | null): string {
  return speakerId === null ? conversationId : `${conversationId}${SEPARATOR}${speakerId}`;
}

/** True for a conversation's own affinity and those of everybody who speaks in it. */
export function isAffinityOf(conversationId: string, affinity: string | null): boolean {
  return affinity === conversationId || affinity?.startsWith(`${conversationId}${SEPARATOR}`) === true;
}
