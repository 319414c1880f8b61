import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import { conversationListSchema, conversationSchema } from '../../../contract/conversations.ts';
import {
  addFactSchema,
  changeFactSchema,
  changeSceneSchema,
  chooseWorldSchema,
  exportedWorldSchema,
  importWorldSchema,
  mergeFactsSchema,
  proposeFactsSchema,
  proposingSchema,
  saveWorldSchema,
  worldFactListSchema,
  worldFactSchema,
  worldListSchema,
  worldSchema,
} from '../../../contract/worlds.ts';
import type { Scenes } from '../../features/chat/scenes.ts';
import type { WorldFacts } from '../../features/worlds/world-facts.ts';
import type { WorldFiles } from '../../features/worlds/world-files.ts';
import type { Worlds } from '../../features/worlds/worlds.ts';
import type { Area, HttpApp } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const byFact = z.object({ id: idSchema, factId: idSchema });
const tags = ['worlds'];
const config = { access: 'user', scope: 'chat' } as const;
/** 500 places with long descriptions, and a picture as base64. */
const FORM_BODY_LIMIT = 6 * 1024 * 1024;
/** The same with facts and lorebooks. */
const FILE_BODY_LIMIT = 30 * 1024 * 1024;

export interface WorldsAreaOptions {
  worlds: Worlds;
  worldFacts: WorldFacts;
  worldFiles: WorldFiles;
  scenes: Scenes;
}

/** Places that conversations share: what they are, what is true of them, and who is where. */
export function worldsArea({ worlds, worldFacts, worldFiles, scenes }: WorldsAreaOptions): Area {
  return (app) => {
    listRoutes(app, { worlds, worldFiles });
    worldRoutes(app, { worlds, worldFiles });
    factRoutes(app, worldFacts);
    sceneRoutes(app, scenes);
  };
}

function listRoutes(app: HttpApp, { worlds, worldFiles }: Pick<WorldsAreaOptions, 'worlds' | 'worldFiles'>): void {
  app.route({
    method: 'GET',
    url: '/api/worlds',
    schema: { summary: 'One’s own worlds, the latest change first', tags, response: { 200: worldListSchema } },
    config,
    handler: async ({ actor }) => ({ worlds: await worlds.list(actor) }),
  });
  app.route({
    method: 'POST',
    url: '/api/worlds',
    bodyLimit: FORM_BODY_LIMIT,
    schema: { summary: 'Creates a world', tags, body: saveWorldSchema, response: { 200: worldSchema } },
    config,
    handler: ({ actor, body }) => worlds.create(actor, body),
  });
  app.route({
    method: 'POST',
    url: '/api/worlds/import',
    bodyLimit: FILE_BODY_LIMIT,
    schema: {
      summary: 'Makes a world of a file that was exported',
      tags,
      body: importWorldSchema,
      response: { 200: worldSchema },
    },
    config,
    handler: ({ actor, body }) => worldFiles.import(actor, body),
  });
}

function worldRoutes(app: HttpApp, { worlds, worldFiles }: Pick<WorldsAreaOptions, 'worlds' | 'worldFiles'>): void {
  app.route({
    method: 'GET',
    url: '/api/worlds/:id',
    schema: { summary: 'One world', tags, params: byId, response: { 200: worldSchema } },
    config,
    handler: ({ actor, params }) => worlds.read(actor, params.id),
  });
  app.route({
    method: 'PUT',
    url: '/api/worlds/:id',
    bodyLimit: FORM_BODY_LIMIT,
    schema: {
      summary: 'Saves a world with its places and residents',
      tags,
      params: byId,
      body: saveWorldSchema,
      response: { 200: worldSchema },
    },
    config,
    handler: ({ actor, params, body }) => worlds.update(actor, params.id, body),
  });
  app.route({
    method: 'DELETE',
    url: '/api/worlds/:id',
    schema: {
      summary: 'Deletes it; conversations in it go on without it, and it can be restored',
      tags,
      params: byId,
      response: { 200: okSchema },
    },
    config,
    handler: async ({ actor, params }) => {
      await worlds.delete(actor, params.id);
      return { ok: true as const };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/worlds/:id/restore',
    schema: { summary: 'Undoes its deletion', tags, params: byId, response: { 200: worldSchema } },
    config,
    handler: ({ actor, params }) => worlds.restore(actor, params.id),
  });
  app.route({
    method: 'GET',
    url: '/api/worlds/:id/export',
    schema: {
      summary: 'A world as one file, with its facts and lorebooks',
      tags,
      params: byId,
      response: { 200: exportedWorldSchema },
    },
    config,
    handler: async ({ actor, params }) => ({ ...(await worldFiles.export(actor, params.id)) }),
  });
}

function factRoutes(app: HttpApp, facts: WorldFacts): void {
  app.route({
    method: 'GET',
    url: '/api/worlds/:id/facts',
    schema: {
      summary: 'What is true of a world, what was proposed, and what was rejected',
      tags,
      params: byId,
      response: { 200: worldFactListSchema },
    },
    config,
    handler: ({ actor, params }) => facts.list(actor, params.id),
  });
  app.route({
    method: 'POST',
    url: '/api/worlds/:id/facts',
    schema: {
      summary: 'Writes down what is true',
      tags,
      params: byId,
      body: addFactSchema,
      response: { 200: worldFactSchema },
    },
    config,
    handler: ({ actor, params, body }) => facts.add(actor, params.id, body),
  });
  app.route({
    method: 'POST',
    url: '/api/worlds/:id/facts/merge',
    schema: {
      summary: 'One fact in the place of several',
      tags,
      params: byId,
      body: mergeFactsSchema,
      response: { 200: worldFactSchema },
    },
    config,
    handler: ({ actor, params, body }) => facts.merge(actor, params.id, body),
  });
  app.route({
    method: 'PATCH',
    url: '/api/worlds/:id/facts/:factId',
    schema: {
      summary: 'Accepts, rejects or words a fact otherwise, or takes that back',
      tags,
      params: byFact,
      body: changeFactSchema,
      response: { 200: worldFactSchema },
    },
    config,
    handler: ({ actor, params: { id: worldId, factId }, body }) => facts.change(actor, { worldId, factId }, body),
  });
  app.route({
    method: 'DELETE',
    url: '/api/worlds/:id/facts/:factId',
    schema: {
      summary: 'Removes a fact; what it took the place of is back, what was found in talk is rejected',
      tags,
      params: byFact,
      response: { 200: okSchema },
    },
    config,
    handler: async ({ actor, params: { id: worldId, factId } }) => {
      await facts.delete(actor, { worldId, factId });
      return { ok: true as const };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/worlds/:id/proposals',
    schema: {
      summary: 'Looks now for what became true in its conversations',
      tags,
      params: byId,
      body: proposeFactsSchema,
      response: { 202: proposingSchema },
    },
    config,
    handler: async ({ actor, params, body }, reply) =>
      reply.code(202).send(await facts.propose(actor, params.id, body)),
  });
}

function sceneRoutes(app: HttpApp, scenes: Scenes): void {
  app.route({
    method: 'GET',
    url: '/api/worlds/:id/conversations',
    schema: {
      summary: 'The conversations that happen in a world, the latest first',
      tags,
      params: byId,
      response: { 200: conversationListSchema },
    },
    config,
    handler: async ({ actor, params }) => ({
      conversations: await scenes.listIn(actor, params.id),
      nextCursor: null,
    }),
  });
  app.route({
    method: 'PUT',
    url: '/api/conversations/:id/world',
    schema: {
      summary: 'Chooses the world that a conversation happens in; null for none',
      tags,
      params: byId,
      body: chooseWorldSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => scenes.chooseWorld(actor, params.id, body),
  });
  app.route({
    method: 'POST',
    url: '/api/conversations/:id/scene',
    schema: {
      summary: 'Moves the scene to another place or time, as an event of the story on this branch',
      tags,
      params: byId,
      body: changeSceneSchema,
      response: { 200: conversationSchema },
    },
    config,
    handler: ({ actor, params, body }) => scenes.change(actor, params.id, body),
  });
}
