import { z } from 'zod';
import {
  alternativesSchema,
  branchComparisonSchema,
  branchesSchema,
  branchMarkSchema,
  branchOffSchema,
  changedMessagesSchema,
  changeMessagesSchema,
  conversationTreeSchema,
  createBranchMarkSchema,
  renameBranchMarkSchema,
  treeMatchesSchema,
} from '../../../contract/branches.ts';
import { idSchema, okSchema, textSchema } from '../../../contract/common.ts';
import { conversationSchema } from '../../../contract/conversations.ts';
import type { BranchesOff } from '../../features/chat/branch-off.ts';
import type { Branches } from '../../features/chat/branches.ts';
import type { MessageBatches } from '../../features/chat/message-batches.ts';
import type { TreeMaps } from '../../features/chat/tree-maps.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const byMark = byId.extend({ markId: idSchema });
const byBatch = byId.extend({ batchId: idSchema });
const searchQuery = z.object({ query: textSchema(200) });
const compareQuery = z.object({ left: idSchema, right: idSchema });
const tags = ['branches'];
const config = { access: 'user', scope: 'chat' } as const;

interface TreeParts {
  treeMaps: TreeMaps;
  branches: Branches;
  branchesOff: BranchesOff;
  batches: MessageBatches;
}

/** Everything about the tree of a conversation. */
export function treeAreas(parts: TreeParts): Area[] {
  return [treeArea(parts), branchesArea(parts)];
}

/** The tree as a whole: its map, what is found in it, two branches beside each other, versions of a message. */
function treeArea({ treeMaps, branches }: TreeParts): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/tree',
      schema: {
        summary: 'All branches of a conversation, stretches without forks folded',
        tags,
        params: byId,
        response: { 200: conversationTreeSchema },
      },
      config,
      handler: ({ actor, params }) => treeMaps.read(actor, params.id),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/tree/search',
      schema: {
        summary: 'Where words stand, on any branch',
        tags,
        params: byId,
        querystring: searchQuery,
        response: { 200: treeMatchesSchema },
      },
      config,
      handler: ({ actor, params, query }) => treeMaps.find(actor, params.id, query.query),
    });
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/compare',
      schema: {
        summary: 'Two branches from their last common message',
        tags,
        params: byId,
        querystring: compareQuery,
        response: { 200: branchComparisonSchema },
      },
      config,
      handler: ({ actor, params, query }) =>
        treeMaps.compare(actor, params.id, { leftId: query.left, rightId: query.right }),
    });
    app.route({
      method: 'GET',
      url: '/api/messages/:id/alternatives',
      schema: {
        summary: 'The versions of a message, oldest first',
        tags,
        params: byId,
        response: { 200: alternativesSchema },
      },
      config,
      handler: ({ actor, params }) => branches.alternatives(actor, params.id),
    });
  };
}

/** Names on the tree, conversations branched off, changes of many messages. */
function branchesArea({ branches, branchesOff, batches }: TreeParts): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/conversations/:id/branches',
      schema: {
        summary: 'Named branches, checkpoints, and where it came from',
        tags,
        params: byId,
        response: { 200: branchesSchema },
      },
      config,
      handler: ({ actor, params }) => branches.list(actor, params.id),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/branch-off',
      schema: {
        summary: 'Copies the path down to a message into a conversation of its own',
        tags,
        params: byId,
        body: branchOffSchema,
        response: { 200: conversationSchema },
      },
      config,
      handler: ({ actor, params, body }) => branchesOff.branchOff(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/batches',
      schema: {
        summary: 'Deletes, hides or shows many messages at once',
        tags,
        params: byId,
        body: changeMessagesSchema,
        response: { 200: changedMessagesSchema },
      },
      config,
      handler: ({ actor, params, body }) => batches.change(actor, params.id, body),
    });
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/batches/:batchId/undo',
      schema: {
        summary: 'Undoes a change of many messages whole',
        tags,
        params: byBatch,
        response: { 200: changedMessagesSchema },
      },
      config,
      handler: ({ actor, params }) => batches.undo(actor, params.id, params.batchId),
    });
    addMarkRoutes(app, branches);
  };
}

function addMarkRoutes(app: Parameters<Area>[0], branches: Branches): void {
  app.route({
    method: 'POST',
    url: '/api/conversations/:id/marks',
    schema: {
      summary: 'Names a branch, or keeps a place to come back to',
      tags,
      params: byId,
      body: createBranchMarkSchema,
      response: { 200: branchMarkSchema },
    },
    config,
    handler: ({ actor, params, body }) => branches.mark(actor, params.id, body),
  });
  app.route({
    method: 'PATCH',
    url: '/api/conversations/:id/marks/:markId',
    schema: {
      summary: 'Renames a mark',
      tags,
      params: byMark,
      body: renameBranchMarkSchema,
      response: { 200: branchMarkSchema },
    },
    config,
    handler: ({ actor, params, body }) => branches.rename(actor, params.id, { markId: params.markId, ...body }),
  });
  app.route({
    method: 'DELETE',
    url: '/api/conversations/:id/marks/:markId',
    schema: {
      summary: 'Removes a mark; the messages stay',
      tags,
      params: byMark,
      response: { 200: okSchema },
    },
    config,
    handler: async ({ actor, params }) => {
      await branches.remove(actor, params.id, params.markId);
      return { ok: true as const };
    },
  });
}
