import { okSchema } from '../../contract/common.ts';
import {
  answerToolCallSchema,
  chooseToolSchema,
  conversationToolsSchema,
  enableToolSchema,
  saveToolServerSchema,
  toolServerListSchema,
  toolServerSchema,
} from '../../contract/tools.ts';
import type { ApiRoute } from '../api-route.ts';

/** Servers of tools, and tools in conversations. */
export const TOOL_ROUTES = {
  toolServers: { method: 'GET', path: '/api/tool-servers', response: toolServerListSchema },
  createToolServer: {
    method: 'POST',
    path: '/api/tool-servers',
    body: saveToolServerSchema,
    response: toolServerSchema,
  },
  updateToolServer: {
    method: 'PUT',
    path: '/api/tool-servers/:id',
    body: saveToolServerSchema,
    response: toolServerSchema,
  },
  deleteToolServer: { method: 'DELETE', path: '/api/tool-servers/:id', response: okSchema },
  refreshToolServer: { method: 'POST', path: '/api/tool-servers/:id/refresh', response: toolServerSchema },
  enableTool: {
    method: 'PUT',
    path: '/api/tool-servers/:id/tools',
    body: enableToolSchema,
    response: toolServerSchema,
  },
  conversationTools: { method: 'GET', path: '/api/conversations/:id/tools', response: conversationToolsSchema },
  chooseTool: {
    method: 'PUT',
    path: '/api/conversations/:id/tools',
    body: chooseToolSchema,
    response: conversationToolsSchema,
  },
  answerToolCall: {
    method: 'POST',
    path: '/api/conversations/:id/tool-calls/:callId/answer',
    body: answerToolCallSchema,
    response: okSchema,
  },
  stopToolCall: { method: 'POST', path: '/api/conversations/:id/tool-calls/:callId/stop', response: okSchema },
} as const satisfies Record<string, ApiRoute>;
