import type { CardMode } from '../../contract/rooms.ts';
import type { ParticipantRecord } from '../conversation/participant-store.ts';
import { witnesses } from '../conversation/stage.ts';
import type { MessageNode } from '../conversation/tree-types.ts';

/** What one participant of a room may know of its messages. */
export interface RoomView {
  /** Whose view it is, as a participant and as a character or user. */
  viewer: Pick<ParticipantRecord, 'id' | 'kind' | 'subjectId' | 'fromStart'>;
  /** True where the viewer may also know what was said openly while it was not there. */
  knowsOpen: boolean;
}

/** Humans, and characters of their own card, know what they heard; in the old card modes characters know what was said openly. */
export function roomView(viewer: RoomView['viewer'], cardMode: CardMode): RoomView {
  return { viewer, knowsOpen: viewer.kind === 'character' && cardMode !== 'own' };
}

/** True when the viewer may know of a message. */
export function hears({ viewer, knowsOpen }: RoomView, node: Pick<MessageNode, 'audience' | 'manner'>): boolean {
  return witnesses(node, viewer) || (knowsOpen && node.manner === 'open');
}

/** True when a model may be sent a message; between two everything is, but what the person said to themselves. */
export function isKnown(
  view: RoomView | null,
  node: Pick<MessageNode, 'audience' | 'manner' | 'deletedAt' | 'hidden'>,
): boolean {
  if (node.deletedAt !== null || node.hidden) return false;
  return view === null ? node.manner !== 'aside' : hears(view, node);
}

/** True for the viewer's own words. */
export function isOwn({ viewer }: RoomView, { author }: Pick<MessageNode, 'author'>): boolean {
  return author.kind === viewer.kind && author.id === viewer.subjectId;
}
