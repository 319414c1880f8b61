import { roomSettingsSchema, type RoomSettings } from '../../contract/rooms.ts';
import { ForbiddenError } from '../base/errors.ts';

/** `reading`: messages translated and read aloud. `writing`: words and ideas for what one says next. */
export type GuestHelp = 'reading' | 'writing';

const SETTINGS = { reading: 'guestsRead', writing: 'guestsWrite' } as const satisfies Record<
  GuestHelp,
  keyof RoomSettings
>;

/** What keeps the host's models busy for a guest is the host's to allow. `room` is null where nothing was set yet. */
export function requireGuestHelp(
  help: GuestHelp,
  { isHost, room }: { isHost: boolean; room: RoomSettings | null },
): void {
  if (isHost || (room ?? roomSettingsSchema.parse({}))[SETTINGS[help]]) return;
  throw new ForbiddenError(
    help === 'reading'
      ? 'The host of this room keeps translations and reading aloud to themselves. Ask them to let guests use it.'
      : 'The host of this room keeps help with writing to themselves. Ask them to let guests use it.',
    { code: 'host-only' },
  );
}
