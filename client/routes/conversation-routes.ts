import { z } from 'zod';
import { okSchema } from '../../contract/common.ts';
import {
  conversationListSchema,
  conversationSchema,
  createConversationSchema,
  updateConversationSchema,
} from '../../contract/conversations.ts';
import {
  changedPathSchema,
  chooseMessageSchema,
  editMessageSchema,
  messagePageSchema,
  messageSchema,
  receiptSchema,
  sendMessageSchema,
  sentMessageSchema,
  startReplySchema,
  startedReplySchema,
} from '../../contract/messages.ts';
import { choosePersonaSchema } from '../../contract/personas.ts';
import { promptRecordSchema } from '../../contract/prompts.ts';
import { controlRunSchema, roomRunSchema } from '../../contract/rooms.ts';
import type { ApiRoute } from '../api-route.ts';

const changedMessageSchema = z.object({ message: messageSchema, revision: z.int().nonnegative() });
const ok = { response: okSchema };

/** Conversations and what is said in them. */
export const CONVERSATION_ROUTES = {
  conversations: { method: 'GET', path: '/api/conversations', response: conversationListSchema },
  createConversation: {
    method: 'POST',
    path: '/api/conversations',
    body: createConversationSchema,
    response: conversationSchema,
  },
  conversation: { method: 'GET', path: '/api/conversations/:id', response: conversationSchema },
  updateConversation: {
    method: 'PATCH',
    path: '/api/conversations/:id',
    body: updateConversationSchema,
    response: conversationSchema,
  },
  choosePersona: {
    method: 'PUT',
    path: '/api/conversations/:id/persona',
    body: choosePersonaSchema,
    response: conversationSchema,
  },
  deleteConversation: { method: 'DELETE', path: '/api/conversations/:id', response: z.unknown() },
  restoreConversation: { method: 'POST', path: '/api/conversations/:id/restore', response: z.unknown() },
  purgeConversation: { method: 'POST', path: '/api/conversations/:id/purge', response: z.unknown() },
  messages: { method: 'GET', path: '/api/conversations/:id/messages', response: messagePageSchema },
  sendMessage: {
    method: 'POST',
    path: '/api/conversations/:id/messages',
    body: sendMessageSchema,
    response: sentMessageSchema,
  },
  startReply: {
    method: 'POST',
    path: '/api/conversations/:id/replies',
    body: startReplySchema,
    response: startedReplySchema,
  },
  stopReplies: { method: 'POST', path: '/api/conversations/:id/stop', ...ok },
  controlRun: {
    method: 'POST',
    path: '/api/conversations/:id/run',
    body: controlRunSchema,
    response: roomRunSchema,
  },
  chooseMessage: {
    method: 'POST',
    path: '/api/conversations/:id/path',
    body: chooseMessageSchema,
    response: changedPathSchema,
  },
  warmConversation: { method: 'POST', path: '/api/conversations/:id/warm', ...ok },
  message: { method: 'GET', path: '/api/messages/:id', response: messageSchema },
  editMessage: { method: 'POST', path: '/api/messages/:id/edit', body: editMessageSchema, response: changedPathSchema },
  deleteMessage: { method: 'DELETE', path: '/api/messages/:id', response: changedMessageSchema },
  restoreMessage: { method: 'POST', path: '/api/messages/:id/restore', response: changedMessageSchema },
  hideMessage: { method: 'POST', path: '/api/messages/:id/hide', response: changedMessageSchema },
  showMessage: { method: 'POST', path: '/api/messages/:id/show', response: changedMessageSchema },
  receipt: { method: 'GET', path: '/api/messages/:id/receipt', response: receiptSchema },
  messagePrompt: { method: 'GET', path: '/api/messages/:id/prompt', response: promptRecordSchema },
  nextPrompt: { method: 'GET', path: '/api/conversations/:id/prompt', response: promptRecordSchema },
} as const satisfies Record<string, ApiRoute>;
