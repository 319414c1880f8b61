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
} from '../../contract/branches.ts';
import { okSchema } from '../../contract/common.ts';
import { conversationSchema } from '../../contract/conversations.ts';
import type { ApiRoute } from '../api-route.ts';

const conversation = '/api/conversations/:id';

/** The tree of a conversation: map, names, comparison, changes of many. */
export const BRANCH_ROUTES = {
  conversationTree: { method: 'GET', path: `${conversation}/tree`, response: conversationTreeSchema },
  searchTree: { method: 'GET', path: `${conversation}/tree/search`, response: treeMatchesSchema },
  compareBranches: { method: 'GET', path: `${conversation}/compare`, response: branchComparisonSchema },
  alternatives: { method: 'GET', path: '/api/messages/:id/alternatives', response: alternativesSchema },
  branches: { method: 'GET', path: `${conversation}/branches`, response: branchesSchema },
  branchOff: {
    method: 'POST',
    path: `${conversation}/branch-off`,
    body: branchOffSchema,
    response: conversationSchema,
  },
  createBranchMark: {
    method: 'POST',
    path: `${conversation}/marks`,
    body: createBranchMarkSchema,
    response: branchMarkSchema,
  },
  renameBranchMark: {
    method: 'PATCH',
    path: `${conversation}/marks/:markId`,
    body: renameBranchMarkSchema,
    response: branchMarkSchema,
  },
  deleteBranchMark: { method: 'DELETE', path: `${conversation}/marks/:markId`, response: okSchema },
  changeMessages: {
    method: 'POST',
    path: `${conversation}/batches`,
    body: changeMessagesSchema,
    response: changedMessagesSchema,
  },
  undoMessageChange: {
    method: 'POST',
    path: `${conversation}/batches/:batchId/undo`,
    response: changedMessagesSchema,
  },
} as const satisfies Record<string, ApiRoute>;
