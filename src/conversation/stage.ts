import type { Audience, Manner } from '../../contract/rooms.ts';
import type { ParticipantRecord } from './participant-store.ts';
import type { MessageNode } from './tree-types.ts';

/** Who is there at one place of the tree, and where. */
export interface Stage {
  /** Participants who are there, each with the door it is behind; empty = in the open room. */
  present: Record<string, string>;
  /** Where in a world it happens. */
  placeId: string | null;
  /** The story's own time, as its author writes it. */
  time: string | null;
}

/** The stage before anything was told of who comes and goes. */
export function openingStage(participants: readonly ParticipantRecord[]): Stage {
  const there = participants.filter(({ fromStart, leftAt }) => fromStart && leftAt === null);
  return { present: Object.fromEntries(there.map(({ id }) => [id, ''])), placeId: null, time: null };
}

/** True when a participant heard what was said to an audience. */
export function witnesses(
  { audience }: { audience: Audience },
  participant: Pick<ParticipantRecord, 'id' | 'fromStart'>,
): boolean {
  return audience === 'everyone' ? participant.fromStart : audience.includes(participant.id);
}

/**
 * Who hears what a participant says on a stage. `to` narrows it to a whisper among those who are there, none of them
 * makes it an aside. A speaker who is not there is heard by the open room.
 */
export function audienceOn(
  stage: Stage,
  { speakerId, to }: { speakerId: string | null; to?: readonly string[] | undefined },
): { audience: Audience; manner: Manner } {
  if (to !== undefined) {
    const heard = to.filter((id) => id !== speakerId && id in stage.present);
    const self = speakerId === null ? [] : [speakerId];
    return { audience: [...self, ...heard], manner: heard.length === 0 ? 'aside' : 'whisper' };
  }
  const door = (speakerId !== null && stage.present[speakerId]) || '';
  const near = Object.keys(stage.present).filter((id) => stage.present[id] === door);
  const audience = speakerId === null || near.includes(speakerId) ? near : [speakerId, ...near];
  return { audience, manner: door === '' ? 'open' : 'door' };
}

/** A reply is heard by those who heard what it answers where that was not said openly; else by whoever is near. */
export function audienceOfReply(
  stage: Stage,
  { speakerId, parent }: { speakerId: string; parent: Pick<MessageNode, 'audience' | 'manner'> | null },
): { audience: Audience; manner: Manner } {
  const isWhisper = parent?.manner === 'whisper' && parent.audience !== 'everyone';
  if (isWhisper && parent.audience.includes(speakerId)) return { audience: parent.audience, manner: 'whisper' };
  return audienceOn(stage, { speakerId });
}
