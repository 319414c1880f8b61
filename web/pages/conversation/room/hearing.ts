import { z } from 'zod';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { membersOf } from './room-title.ts';

/** Who is to hear the next words: all who are there, nobody, or those named by participant. */
export const hearingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('aside') }),
  z.object({ kind: z.literal('whisper'), to: z.array(z.string()).readonly() }),
]);
export type Hearing = z.infer<typeof hearingSchema>;

/** Those who would hear a whisper of the reader's: there, and not the reader. */
export function listenersOf(conversation: Pick<Conversation, 'participants' | 'seatId'>): Participant[] {
  return membersOf(conversation).filter(({ id, present }) => present && id !== conversation.seatId);
}

/** What is sent for it; whoever has gone meanwhile is left out, and where nobody is left it is said to nobody. */
export function toOf(hearing: Hearing, listeners: readonly Participant[]): { to?: readonly string[] } {
  switch (hearing.kind) {
    case 'open':
      return {};
    case 'aside':
      return { to: [] };
    case 'whisper':
      return { to: hearing.to.filter((id) => listeners.some((listener) => listener.id === id)) };
    default:
      return hearing satisfies never;
  }
}

/** In or out of those who are whispered to; nobody left is all again. */
export function toggleListener(hearing: Hearing, id: string): Hearing {
  const before = hearing.kind === 'whisper' ? hearing.to : [];
  const to = before.includes(id) ? before.filter((other) => other !== id) : [...before, id];
  return to.length === 0 ? { kind: 'open' } : { kind: 'whisper', to };
}
