import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Participant } from '../../../../contract/rooms.ts';

/** What somebody does just now that others wait for. */
export function memberActivity(
  { id, kind, subjectId }: Participant,
  { presence, streaming, known }: Pick<ConversationState, 'presence' | 'streaming' | 'known'>,
): 'speaking' | 'typing' | null {
  const speaks = [...streaming.keys()].some((messageId) => {
    const message = known.get(messageId);
    return message?.author.kind === kind && message.author.id === subjectId;
  });
  if (speaks) return 'speaking';
  return presence.some(({ participantId, typing }) => participantId === id && typing) ? 'typing' : null;
}
