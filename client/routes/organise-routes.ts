import { idSchema, okSchema } from '../../contract/common.ts';
import {
  changeConversationFolderSchema,
  changeConversationsSchema,
  changedConversationsSchema,
  createConversationFolderSchema,
  deletedConversationFolderSchema,
  orderConversationFoldersSchema,
  organisedSchema,
} from '../../contract/organising.ts';
import { chooseLookSchema, looksSchema } from '../../contract/looks.ts';
import { z } from 'zod';
import type { ApiRoute } from '../api-route.ts';

const folders = '/api/conversation-folders';

/** How a person keeps conversations and has them look. */
export const ORGANISE_ROUTES = {
  looks: { method: 'GET', path: '/api/conversations/:id/look', response: looksSchema },
  chooseLook: { method: 'PUT', path: '/api/conversations/:id/look', body: chooseLookSchema, response: looksSchema },
  organisedConversations: { method: 'GET', path: folders, response: organisedSchema },
  createConversationFolder: {
    method: 'POST',
    path: folders,
    body: createConversationFolderSchema,
    response: z.object({ id: idSchema }),
  },
  changeConversationFolder: {
    method: 'PATCH',
    path: `${folders}/:id`,
    body: changeConversationFolderSchema,
    response: okSchema,
  },
  orderConversationFolders: {
    method: 'PUT',
    path: `${folders}/order`,
    body: orderConversationFoldersSchema,
    response: okSchema,
  },
  deleteConversationFolder: { method: 'DELETE', path: `${folders}/:id`, response: deletedConversationFolderSchema },
  changeConversations: {
    method: 'POST',
    path: '/api/conversation-marks',
    body: changeConversationsSchema,
    response: changedConversationsSchema,
  },
} as const satisfies Record<string, ApiRoute>;
