import type { ParticipantRecord } from '../conversation/participant-store.ts';
import type { DepthPrompt } from './prompt-material.ts';
import type { RoomView } from './room-view.ts';

/** What a prompt is made of in a room besides what it is made of between two. */
export interface RoomMaterial {
  view: RoomView;
  participants: readonly ParticipantRecord[];
  /** Names of those who are near the speaker, in the order of the list. */
  near: readonly string[];
  /** Names of everybody else who may have said something here: a line that begins with one is not the speaker's. */
  others: readonly string[];
  /** What guests who are near say of themselves. */
  guests: readonly { name: string; description: string }[];
  /** Notes at a depth of other characters, where cards are joined. */
  depthPrompts: readonly DepthPrompt[];
  /** Messages on the path that the speaker may know of. */
  heard: number;
  names: { group: string; groupNotMuted: string; notChar: string };
}
