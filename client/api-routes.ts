import type { ApiRoute } from './api-route.ts';
import { ACCOUNT_ROUTES } from './routes/account-routes.ts';
import { ATTACHMENT_ROUTES } from './routes/attachment-routes.ts';
import { BOOK_ROUTES } from './routes/book-routes.ts';
import { BRANCH_ROUTES } from './routes/branch-routes.ts';
import { CHARACTER_ROUTES } from './routes/character-routes.ts';
import { CONVERSATION_ROUTES } from './routes/conversation-routes.ts';
import { HOUSE_ROUTES } from './routes/house-routes.ts';
import { MEMORY_MODEL_ROUTES } from './routes/memory-model-routes.ts';
import { MEMORY_ROUTES } from './routes/memory-routes.ts';
import { PLATFORM_ROUTES } from './routes/platform-routes.ts';
import { PLATFORM_BOOK_ROUTES } from './routes/platform-book-routes.ts';
import { QUICK_REPLY_ROUTES } from './routes/quick-reply-routes.ts';
import { ORGANISE_ROUTES } from './routes/organise-routes.ts';
import { ROOM_ROUTES } from './routes/room-routes.ts';
import { SEARCH_ROUTES } from './routes/search-routes.ts';
import { TOOL_ROUTES } from './routes/tool-routes.ts';
import { VOICE_ROUTES } from './routes/voice-routes.ts';
import { WORLD_ROUTES } from './routes/world-routes.ts';

/** Every JSON call of the API by name. The OpenAPI document must contain each of these paths. */
export const API_ROUTES = {
  ...ACCOUNT_ROUTES,
  ...CHARACTER_ROUTES,
  ...BOOK_ROUTES,
  ...CONVERSATION_ROUTES,
  ...ROOM_ROUTES,
  ...ORGANISE_ROUTES,
  ...ATTACHMENT_ROUTES,
  ...BRANCH_ROUTES,
  ...SEARCH_ROUTES,
  ...MEMORY_ROUTES,
  ...VOICE_ROUTES,
  ...HOUSE_ROUTES,
  ...MEMORY_MODEL_ROUTES,
  ...TOOL_ROUTES,
  ...WORLD_ROUTES,
  ...QUICK_REPLY_ROUTES,
  ...PLATFORM_ROUTES,
  ...PLATFORM_BOOK_ROUTES,
} as const satisfies Record<string, ApiRoute>;

export type ApiRoutes = typeof API_ROUTES;
export type ApiRouteName = keyof ApiRoutes;

/** Addresses that are not JSON calls: streams and downloads. */
export const API_ADDRESSES = {
  conversationEvents: '/api/conversations/:id/events',
  houseCertificate: '/api/house/certificate',
  exportAll: '/api/me/export',
  /** Takes a file's bytes; its name is in the query. */
  addAttachment: '/api/conversations/:id/attachments',
  translateMessage: '/api/messages/:id/translations',
  attachmentFile: '/api/attachments/:id/file',
  exportConversation: '/api/conversations/:id/export',
  moveFiles: '/api/moves/:id/files',
  moveEvents: '/api/moves/:id/events',
  /** A message in its character's voice, as WAV. */
  messageSpeech: '/api/messages/:id/speech',
  /** What was said, as it was recorded. */
  messageRecording: '/api/messages/:id/recording',
  /** Takes a WAV file. */
  voiceMessages: '/api/conversations/:id/voice-messages',
  transcriptions: '/api/transcriptions',
  /** The person's next message, and three things to say, as events. */
  impersonation: '/api/conversations/:id/impersonation',
  suggestions: '/api/conversations/:id/suggestions',
  draftCharacter: '/api/characters/draft',
  previewCharacter: '/api/characters/preview',
  importCharacterFile: '/api/characters/import-file',
  exportCharacter: '/api/characters/:id/export',
  exportCharacters: '/api/library/export',
  exportMemory: '/api/characters/:id/memory/export',
  voiceSample: '/api/voice/sample',
} as const;
