import { roomSettingsSchema, type RoomSettings } from '../../contract/rooms.ts';
import type { ConversationRecord } from './tree-types.ts';

/** How a room goes; null where there is none. */
export function readRoom({ room }: Pick<ConversationRecord, 'room'>): RoomSettings | null {
  return room === null ? null : roomSettingsSchema.parse(JSON.parse(room));
}
