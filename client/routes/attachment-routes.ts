import {
  attachmentSchema,
  attachmentTextSchema,
  conversationAbilitiesSchema,
  describeAttachmentSchema,
} from '../../contract/attachments.ts';
import { okSchema } from '../../contract/common.ts';
import { translationListSchema } from '../../contract/translations.ts';
import type { ApiRoute } from '../api-route.ts';

/** Files of conversations, and messages in other languages. */
export const ATTACHMENT_ROUTES = {
  conversationAbilities: {
    method: 'GET',
    path: '/api/conversations/:id/abilities',
    response: conversationAbilitiesSchema,
  },
  attachmentText: { method: 'GET', path: '/api/attachments/:id/text', response: attachmentTextSchema },
  describeAttachment: {
    method: 'PATCH',
    path: '/api/attachments/:id',
    body: describeAttachmentSchema,
    response: attachmentSchema,
  },
  translations: { method: 'GET', path: '/api/conversations/:id/translations', response: translationListSchema },
  removeTranslation: { method: 'DELETE', path: '/api/messages/:id/translations/:language', response: okSchema },
  removeAttachment: { method: 'DELETE', path: '/api/attachments/:id', response: okSchema },
} as const satisfies Record<string, ApiRoute>;
