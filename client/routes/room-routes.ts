import { z } from 'zod';
import { okSchema } from '../../contract/common.ts';
import { conversationSchema } from '../../contract/conversations.ts';
import {
  addParticipantSchema,
  closeDoorSchema,
  createRoomInviteSchema,
  createdRoomInviteSchema,
  enterRoomSchema,
  enteredRoomSchema,
  moveParticipantSchema,
  roomDoorSchema,
  roomInviteSchema,
  typingSchema,
  updateParticipantSchema,
  updateRoomSchema,
} from '../../contract/rooms.ts';
import type { ApiRoute } from '../api-route.ts';

const room = { response: conversationSchema };
const ok = { response: okSchema };

/** Who belongs to a room, who is there, and how humans come in. */
export const ROOM_ROUTES = {
  updateRoom: { method: 'PATCH', path: '/api/conversations/:id/room', body: updateRoomSchema, ...room },
  closeDoor: { method: 'POST', path: '/api/conversations/:id/door', body: closeDoorSchema, ...room },
  addParticipant: {
    method: 'POST',
    path: '/api/conversations/:id/participants',
    body: addParticipantSchema,
    ...room,
  },
  updateParticipant: {
    method: 'PATCH',
    path: '/api/conversations/:id/participants/:participantId',
    body: updateParticipantSchema,
    ...room,
  },
  moveParticipant: {
    method: 'POST',
    path: '/api/conversations/:id/participants/:participantId/presence',
    body: moveParticipantSchema,
    ...room,
  },
  removeParticipant: { method: 'DELETE', path: '/api/conversations/:id/participants/:participantId', ...room },
  leaveRoom: { method: 'POST', path: '/api/conversations/:id/leave', ...ok },
  tellTyping: { method: 'POST', path: '/api/conversations/:id/typing', body: typingSchema, ...ok },
  roomInvites: {
    method: 'GET',
    path: '/api/conversations/:id/invites',
    response: z.object({ invites: z.array(roomInviteSchema) }),
  },
  createRoomInvite: {
    method: 'POST',
    path: '/api/conversations/:id/invites',
    body: createRoomInviteSchema,
    response: createdRoomInviteSchema,
  },
  revokeRoomInvite: { method: 'DELETE', path: '/api/conversations/:id/invites/:inviteId', ...ok },
  roomDoor: { method: 'GET', path: '/api/rooms/door/:token', response: roomDoorSchema },
  enterRoom: {
    method: 'POST',
    path: '/api/rooms/door/:token/enter',
    body: enterRoomSchema,
    response: enteredRoomSchema,
  },
} as const satisfies Record<string, ApiRoute>;
