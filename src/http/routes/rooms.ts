import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import { conversationSchema } from '../../../contract/conversations.ts';
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
} from '../../../contract/rooms.ts';
import type { RoomInvites } from '../../features/rooms/room-invites.ts';
import type { Rooms } from '../../features/rooms/rooms.ts';
import { setCookies } from '../auth-hook.ts';
import { sharedAddress, type HostConfig } from '../house-address.ts';
import type { Area, HttpApp } from '../http-app.ts';

const tags = ['rooms'];
const byId = z.object({ id: idSchema });
const byParticipant = z.object({ id: idSchema, participantId: idSchema });
const byToken = z.object({ token: z.string().min(16).max(200) });
const config = { access: 'user', scope: 'chat' } as const;
const forGuests = { ...config, guests: true } as const;
/** Signs of typing that one person may send in a minute; a client sends one every two seconds. */
const TYPING_A_MINUTE = 120;
/** Strangers who try links, a minute and address. */
const LOOKS_A_MINUTE = 60;
const ENTRIES_A_MINUTE = 20;

/** Who belongs to a room and who is there. */
export function roomsArea(rooms: Rooms): Area {
  return (app) => {
    registerRoom(app, rooms);
    registerParticipants(app, rooms);
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/leave',
      schema: { summary: 'Leaves a room one was invited to', tags, params: byId, response: { 200: okSchema } },
      config: forGuests,
      handler: async ({ actor, params }) => {
        await rooms.leave(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/typing',
      schema: {
        summary: 'Tells the others that one types, for six seconds',
        tags,
        params: byId,
        body: typingSchema,
        response: { 200: okSchema },
      },
      config: forGuests,
      preHandler: app.limitCalls({ max: TYPING_A_MINUTE, key: ({ actor }) => `typing:${actor.userId}` }),
      handler: async ({ actor, params, body }) => {
        await rooms.type(actor, params.id, body.typing);
        return { ok: true as const };
      },
    });
  };
}

function registerRoom(app: HttpApp, rooms: Rooms): void {
  app.route({
    method: 'PATCH',
    url: '/api/conversations/:id/room',
    schema: {
      summary: 'Changes how the room goes; a conversation of two becomes a room',
      tags,
      params: byId,
      body: updateRoomSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => rooms.update(actor, params.id, body),
  });
  app.route({
    method: 'POST',
    url: '/api/conversations/:id/door',
    schema: {
      summary: 'Lets some go behind a closed door, or out again where `door` is empty',
      tags,
      params: byId,
      body: closeDoorSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => rooms.door(actor, { id: params.id, ...body }),
  });
}

function registerParticipants(app: HttpApp, rooms: Rooms): void {
  app.route({
    method: 'POST',
    url: '/api/conversations/:id/participants',
    schema: {
      summary: 'Lets a character come in',
      tags,
      params: byId,
      body: addParticipantSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => rooms.add(actor, params.id, body),
  });
  app.route({
    method: 'PATCH',
    url: '/api/conversations/:id/participants/:participantId',
    schema: {
      summary: 'Mutes, moves in the list, or changes how readily one speaks',
      tags,
      params: byParticipant,
      body: updateParticipantSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => rooms.change(actor, { ...params, change: body }),
  });
  app.route({
    method: 'POST',
    url: '/api/conversations/:id/participants/:participantId/presence',
    schema: {
      summary: 'Lets somebody leave the scene or come back to it',
      tags,
      params: byParticipant,
      body: moveParticipantSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => rooms.move(actor, { ...params, ...body }),
  });
  app.route({
    method: 'DELETE',
    url: '/api/conversations/:id/participants/:participantId',
    schema: {
      summary: 'Sends somebody away for good; their words stay',
      tags,
      params: byParticipant,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params }) => rooms.remove(actor, params),
  });
}

/** Links into rooms: making them, and coming in by them. */
export function roomInvitesArea({ invites, pictures, config: host }: RoomInvitesAreaOptions): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/invites',
      schema: {
        summary: 'Invitations that still let somebody in',
        tags,
        params: byId,
        response: { 200: z.object({ invites: z.array(roomInviteSchema) }) },
      },
      config,
      handler: async ({ actor, params }) => ({ invites: await invites.list(actor, params.id) }),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/invites',
      schema: {
        summary: 'Makes a link by which humans come in, good for a week',
        tags,
        params: byId,
        body: createRoomInviteSchema,
        response: { 200: createdRoomInviteSchema },
      },
      config: { access: 'user', scope: 'account' },
      handler: async (request) => {
        const { invite, token } = await invites.create(request.actor, request.params.id, request.body);
        return { ...invite, url: `${sharedAddress(host, request)}/room#${token}` };
      },
    });
    app.route({
      method: 'DELETE',
      url: '/api/conversations/:id/invites/:inviteId',
      schema: {
        summary: 'Takes an invitation back',
        tags,
        params: z.object({ id: idSchema, inviteId: idSchema }),
        response: { 200: okSchema },
      },
      config: { access: 'user', scope: 'account' },
      handler: async ({ actor, params }) => {
        await invites.revoke(actor, params);
        return { ok: true as const };
      },
    });
    registerDoor(app, { invites, pictures });
  };
}

export interface RoomInvitesAreaOptions {
  invites: RoomInvites;
  /** What an asset is, by its hash. */
  pictures: (hash: string) => Promise<{ mediaType: string; bytes: Buffer }>;
  config: HostConfig;
}

function registerDoor(app: HttpApp, { invites, pictures }: Omit<RoomInvitesAreaOptions, 'config'>): void {
  const countLook = app.limitCalls({ max: LOOKS_A_MINUTE, key: (request) => `room-door:${request.ip}` });
  app.route({
    method: 'GET',
    url: '/api/rooms/door/:token',
    schema: {
      summary: 'What stands behind a link into a room',
      tags,
      params: byToken,
      response: { 200: roomDoorSchema },
    },
    config: { access: 'public' },
    preHandler: countLook,
    handler: ({ visitor, params }) => invites.look(visitor, params.token),
  });
  app.route({
    method: 'GET',
    url: '/api/rooms/door/:token/picture',
    schema: { summary: 'The picture on a door', tags, params: byToken },
    config: { access: 'public' },
    preHandler: countLook,
    handler: async ({ params }, reply) => {
      const { mediaType, bytes } = await pictures(await invites.picture(params.token));
      return reply
        .type(mediaType)
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(bytes);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/rooms/door/:token/enter',
    schema: {
      summary: 'Comes in: as oneself where one is signed in, else as a guest with a name',
      tags,
      params: byToken,
      body: enterRoomSchema,
      response: { 200: enteredRoomSchema },
    },
    config: { access: 'public' },
    preHandler: app.limitCalls({ max: ENTRIES_A_MINUTE, key: (request) => `room-enter:${request.ip}` }),
    handler: (request, reply) => enter(invites, request, reply),
  });
}

async function enter(
  invites: RoomInvites,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<z.infer<typeof enteredRoomSchema>> {
  const { token } = byToken.parse(request.params);
  const { name } = enterRoomSchema.parse(request.body);
  const userAgent = request.headers['user-agent'] ?? '';
  const { conversationId, signedIn } = await invites.enter(request.visitor, { token, name, userAgent });
  if (signedIn) setCookies({ request, reply, cookies: signedIn.setCookies });
  return { conversationId };
}
