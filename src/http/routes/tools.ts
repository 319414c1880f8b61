import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  answerToolCallSchema,
  chooseToolSchema,
  conversationToolsSchema,
  enableToolSchema,
  saveToolServerSchema,
  toolServerListSchema,
  toolServerSchema,
} from '../../../contract/tools.ts';
import type { ConversationToolChoices } from '../../features/tools/conversation-tools.ts';
import type { ToolDesk } from '../../features/tools/tool-desk.ts';
import type { ToolServers } from '../../features/tools/tool-servers.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

const tags = ['tools'];
const byId = z.object({ id: idSchema });
const byCall = z.object({ id: idSchema, callId: idSchema });
const owner = { access: 'owner' } as const;
const user = { access: 'user', scope: ['chat'] } as const;

/** Servers of tools, for the owner. */
export function toolServersArea(servers: ToolServers): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/tool-servers',
      schema: { summary: 'The servers of tools of this house', tags, response: { 200: toolServerListSchema } },
      config: owner,
      handler: async ({ actor }) => ({ servers: await servers.list(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/tool-servers',
      schema: {
        summary: 'Adds a server of tools and reads what it offers',
        tags,
        body: saveToolServerSchema,
        response: { 200: toolServerSchema },
      },
      config: owner,
      handler: (request, reply) => servers.create(request.actor, request.body, readerSignal(reply)),
    });
    app.route({
      method: 'PUT',
      url: '/api/tool-servers/:id',
      schema: {
        summary: 'Changes a server of tools',
        tags,
        params: byId,
        body: saveToolServerSchema,
        response: { 200: toolServerSchema },
      },
      config: owner,
      handler: (request, reply) =>
        servers.update(request.actor, request.params.id, { input: request.body, signal: readerSignal(reply) }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/tool-servers/:id',
      schema: { summary: 'Removes a server of tools', tags, params: byId, response: { 200: okSchema } },
      config: owner,
      handler: async ({ actor, params }) => {
        await servers.delete(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/tool-servers/:id/refresh',
      schema: {
        summary: 'Starts a server of tools again and reads what it offers now',
        tags,
        params: byId,
        response: { 200: toolServerSchema },
      },
      config: owner,
      handler: (request, reply) => servers.refresh(request.actor, request.params.id, readerSignal(reply)),
    });
    app.route({
      method: 'PUT',
      url: '/api/tool-servers/:id/tools',
      schema: {
        summary: 'Switches one tool on or off for the whole house',
        tags,
        params: byId,
        body: enableToolSchema,
        response: { 200: toolServerSchema },
      },
      config: owner,
      handler: ({ actor, params, body }) => servers.setTool(actor, params.id, body),
    });
  };
}

/** Tools of a conversation: which are on, and what a call waits for. */
export function conversationToolsArea({
  toolChoices,
  toolDesk,
}: {
  toolChoices: ConversationToolChoices;
  toolDesk: ToolDesk;
}): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/tools',
      schema: {
        summary: 'Tools that may be used here, and how they stand',
        tags,
        params: byId,
        response: { 200: conversationToolsSchema },
      },
      config: user,
      handler: ({ actor, params }, reply) => toolChoices.read(actor, params.id, readerSignal(reply)),
    });
    app.route({
      method: 'PUT',
      url: '/api/conversations/:id/tools',
      schema: {
        summary: 'Switches tools on or off, and says what may run without asking',
        tags,
        params: byId,
        body: chooseToolSchema,
        response: { 200: conversationToolsSchema },
      },
      config: user,
      handler: ({ actor, params, body }, reply) =>
        toolChoices.choose(actor, params.id, { choice: body, signal: readerSignal(reply) }),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/tool-calls/:callId/answer',
      schema: {
        summary: 'Allows or refuses a call that is asked for',
        tags,
        params: byCall,
        body: answerToolCallSchema,
        response: { 200: okSchema },
      },
      config: user,
      handler: async ({ actor, params, body }) => {
        await toolDesk.answer(actor, { conversationId: params.id, callId: params.callId, answer: body.answer });
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/tool-calls/:callId/stop',
      schema: { summary: 'Stops one call; the reply goes on', tags, params: byCall, response: { 200: okSchema } },
      config: user,
      handler: async ({ actor, params }) => {
        await toolDesk.stop(actor, { conversationId: params.id, callId: params.callId });
        return { ok: true as const };
      },
    });
  };
}
