import { okSchema } from '../../contract/common.ts';
import {
  importQuickRepliesSchema,
  importedQuickRepliesSchema,
  quickReplySetListSchema,
  quickReplySetSchema,
  saveQuickReplySetSchema,
} from '../../contract/quick-replies.ts';
import type { ApiRoute } from '../api-route.ts';

/** Buttons above the message box. */
export const QUICK_REPLY_ROUTES = {
  quickReplySets: { method: 'GET', path: '/api/quick-replies', response: quickReplySetListSchema },
  createQuickReplySet: {
    method: 'POST',
    path: '/api/quick-replies',
    body: saveQuickReplySetSchema,
    response: quickReplySetSchema,
  },
  importQuickReplies: {
    method: 'POST',
    path: '/api/quick-replies/import',
    body: importQuickRepliesSchema,
    response: importedQuickRepliesSchema,
  },
  saveQuickReplySet: {
    method: 'PUT',
    path: '/api/quick-replies/:id',
    body: saveQuickReplySetSchema,
    response: quickReplySetSchema,
  },
  deleteQuickReplySet: { method: 'DELETE', path: '/api/quick-replies/:id', response: okSchema },
} as const satisfies Record<string, ApiRoute>;
