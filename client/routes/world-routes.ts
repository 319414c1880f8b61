import { okSchema } from '../../contract/common.ts';
import { conversationListSchema, conversationSchema } from '../../contract/conversations.ts';
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
} from '../../contract/worlds.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** Worlds, what is true of them, and where conversations happen. */
export const WORLD_ROUTES = {
  worlds: { method: 'GET', path: '/api/worlds', response: worldListSchema },
  createWorld: { method: 'POST', path: '/api/worlds', body: saveWorldSchema, response: worldSchema },
  importWorld: { method: 'POST', path: '/api/worlds/import', body: importWorldSchema, response: worldSchema },
  world: { method: 'GET', path: '/api/worlds/:id', response: worldSchema },
  saveWorld: { method: 'PUT', path: '/api/worlds/:id', body: saveWorldSchema, response: worldSchema },
  deleteWorld: { method: 'DELETE', path: '/api/worlds/:id', ...ok },
  restoreWorld: { method: 'POST', path: '/api/worlds/:id/restore', response: worldSchema },
  exportWorld: { method: 'GET', path: '/api/worlds/:id/export', response: exportedWorldSchema },
  worldFacts: { method: 'GET', path: '/api/worlds/:id/facts', response: worldFactListSchema },
  addWorldFact: { method: 'POST', path: '/api/worlds/:id/facts', body: addFactSchema, response: worldFactSchema },
  mergeWorldFacts: {
    method: 'POST',
    path: '/api/worlds/:id/facts/merge',
    body: mergeFactsSchema,
    response: worldFactSchema,
  },
  changeWorldFact: {
    method: 'PATCH',
    path: '/api/worlds/:id/facts/:factId',
    body: changeFactSchema,
    response: worldFactSchema,
  },
  deleteWorldFact: { method: 'DELETE', path: '/api/worlds/:id/facts/:factId', ...ok },
  proposeWorldFacts: {
    method: 'POST',
    path: '/api/worlds/:id/proposals',
    body: proposeFactsSchema,
    response: proposingSchema,
  },
  worldConversations: { method: 'GET', path: '/api/worlds/:id/conversations', response: conversationListSchema },
  chooseWorld: {
    method: 'PUT',
    path: '/api/conversations/:id/world',
    body: chooseWorldSchema,
    response: conversationSchema,
  },
  changeScene: {
    method: 'POST',
    path: '/api/conversations/:id/scene',
    body: changeSceneSchema,
    response: conversationSchema,
  },
} as const satisfies Record<string, ApiRoute>;
