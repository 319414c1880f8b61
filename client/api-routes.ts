import { moveStatusSchema, startMoveSchema, surveyMoveSchema } from '../contract/moving.ts';
import { z } from 'zod';
import {
  createInvitationSchema,
  createKeySchema,
  createdInvitationSchema,
  createdKeySchema,
  doorSchema,
  houseSettingsSchema,
  invitationSchema,
  keySchema,
  linkSchema,
  linkSignInSchema,
  meSchema,
  passwordSignInSchema,
  sessionSchema,
  setPasswordSchema,
  signUpSchema,
  updateMeSchema,
  userSchema,
} from '../contract/accounts.ts';
import {
  addPictureSchema,
  characterVersionSchema,
  forkCharacterSchema,
  renamePictureSchema,
  restoreVersionSchema,
  versionSummarySchema,
} from '../contract/character-fields.ts';
import { cardImportSchema, exportChoicesSchema, importLinkSchema } from '../contract/cards.ts';
import {
  characterSchema,
  characterSummarySchema,
  createCharacterSchema,
  importCharacterSchema,
  updateCharacterSchema,
} from '../contract/characters.ts';
import {
  changeLorebookSchema,
  characterBookSchema,
  countLoreTokensSchema,
  importedLorebookSchema,
  lorebookListSchema,
  moveCharacterBookSchema,
  putIntoCardSchema,
  renameLorebookSchema,
  saveCharacterBookSchema,
  savedLoreEntrySchema,
  saveLoreEntrySchema,
  loreTokenCountSchema,
} from '../contract/books.ts';
import { okSchema } from '../contract/common.ts';
import {
  bulkResultSchema,
  bulkSchema,
  characterDetailsSchema,
  characterFolderSchema,
  characterMarkSchema,
  createFolderSchema,
  deletedFolderSchema,
  foldersSchema,
  libraryOverviewSchema,
  libraryPageSchema,
  librarySelectionSchema,
  orderFoldersSchema,
  saveFolderSchema,
  updateMarkSchema,
} from '../contract/library.ts';
import {
  conversationListSchema,
  conversationSchema,
  createConversationSchema,
  updateConversationSchema,
} from '../contract/conversations.ts';
import { countTokensSchema, countedTokensSchema } from '../contract/drafting.ts';
import { aboutSchema, deleteAllSchema } from '../contract/house.ts';
import {
  importLorebookSchema,
  linkLorebookSchema,
  lorebookSchema,
  lorebookSummarySchema,
  saveLorebookSchema,
  testedLoreSchema,
  testLoreSchema,
} from '../contract/lore.ts';
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
} from '../contract/messages.ts';
import {
  addModelFileSchema,
  catalogModelSchema,
  chooseModelSchema,
  detectedProvidersSchema,
  modelsOverviewSchema,
  providerSchema,
  providerVerdictSchema,
  saveProviderSchema,
  testProviderSchema,
} from '../contract/models.ts';
import {
  choosePersonaSchema,
  namePersonaSchema,
  personaListSchema,
  personaSchema,
  savePersonaSchema,
} from '../contract/personas.ts';
import {
  duplicatePresetSchema,
  importPresetSchema,
  importedPresetSchema,
  presetFileSchema,
  promptPresetSchema,
  promptPresetSummarySchema,
  promptRecordSchema,
  savePresetSchema,
} from '../contract/prompts.ts';

export interface ApiRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` marks a parameter. */
  path: `/${string}`;
  body?: z.ZodType;
  response: z.ZodType;
}

const changedMessageSchema = z.object({ message: messageSchema, revision: z.int().nonnegative() });
const modelChoicesSchema = z.object({
  choices: z.array(z.object({ ref: z.string(), label: z.string(), place: z.string(), fallback: z.boolean() })),
});

const ok = { response: okSchema };

/** Every JSON call of the API by name. The OpenAPI document must contain each of these paths. */
export const API_ROUTES = {
  door: { method: 'GET', path: '/api/door', response: doorSchema },
  signInByLink: { method: 'POST', path: '/api/sign-in/link', body: linkSignInSchema, response: meSchema },
  signInByPassword: { method: 'POST', path: '/api/sign-in/password', body: passwordSignInSchema, response: meSchema },
  signUp: { method: 'POST', path: '/api/sign-up', body: signUpSchema, response: meSchema },
  signOut: { method: 'POST', path: '/api/sign-out', ...ok },

  me: { method: 'GET', path: '/api/me', response: meSchema },
  updateMe: { method: 'PATCH', path: '/api/me', body: updateMeSchema, response: meSchema },
  setPassword: { method: 'POST', path: '/api/me/password', body: setPasswordSchema, response: meSchema },
  sessions: { method: 'GET', path: '/api/me/sessions', response: z.object({ sessions: z.array(sessionSchema) }) },
  endSession: { method: 'DELETE', path: '/api/me/sessions/:id', ...ok },
  createLink: { method: 'POST', path: '/api/me/links', response: linkSchema },
  keys: { method: 'GET', path: '/api/keys', response: z.object({ keys: z.array(keySchema) }) },
  createKey: { method: 'POST', path: '/api/keys', body: createKeySchema, response: createdKeySchema },
  revokeKey: { method: 'DELETE', path: '/api/keys/:id', ...ok },
  deleteAll: { method: 'POST', path: '/api/me/delete-all', body: deleteAllSchema, ...ok },

  houseSettings: { method: 'GET', path: '/api/house/settings', response: houseSettingsSchema },
  updateHouseSettings: {
    method: 'PATCH',
    path: '/api/house/settings',
    body: houseSettingsSchema.partial(),
    response: houseSettingsSchema,
  },
  users: { method: 'GET', path: '/api/house/users', response: z.object({ users: z.array(userSchema) }) },
  deleteUser: { method: 'DELETE', path: '/api/house/users/:id', ...ok },
  invitations: {
    method: 'GET',
    path: '/api/house/invitations',
    response: z.object({ invitations: z.array(invitationSchema) }),
  },
  createInvitation: {
    method: 'POST',
    path: '/api/house/invitations',
    body: createInvitationSchema,
    response: createdInvitationSchema,
  },
  deleteInvitation: { method: 'DELETE', path: '/api/house/invitations/:id', ...ok },
  openLink: { method: 'POST', path: '/api/house/open-link', response: linkSchema },

  characters: {
    method: 'GET',
    path: '/api/characters',
    response: z.object({ characters: z.array(characterSummarySchema) }),
  },
  createCharacter: { method: 'POST', path: '/api/characters', body: createCharacterSchema, response: characterSchema },
  character: { method: 'GET', path: '/api/characters/:id', response: characterSchema },
  updateCharacter: {
    method: 'PUT',
    path: '/api/characters/:id',
    body: updateCharacterSchema,
    response: characterSchema,
  },
  deleteCharacter: { method: 'DELETE', path: '/api/characters/:id', ...ok },
  restoreCharacter: { method: 'POST', path: '/api/characters/:id/restore', response: characterSchema },
  importCharacter: {
    method: 'POST',
    path: '/api/characters/import',
    body: importCharacterSchema,
    response: cardImportSchema,
  },
  countTokens: { method: 'POST', path: '/api/tokens', body: countTokensSchema, response: countedTokensSchema },
  importCharacterLink: {
    method: 'POST',
    path: '/api/characters/import-link',
    body: importLinkSchema,
    response: cardImportSchema,
  },
  characterExports: { method: 'GET', path: '/api/characters/:id/exports', response: exportChoicesSchema },
  characterFields: { method: 'GET', path: '/api/characters/:id/fields', response: characterVersionSchema },
  characterVersions: {
    method: 'GET',
    path: '/api/characters/:id/versions',
    response: z.object({ versions: z.array(versionSummarySchema) }),
  },
  characterVersion: {
    method: 'GET',
    path: '/api/characters/:id/versions/:versionId',
    response: characterVersionSchema,
  },
  addPicture: {
    method: 'POST',
    path: '/api/characters/:id/pictures',
    body: addPictureSchema,
    response: characterVersionSchema,
  },
  renamePicture: {
    method: 'PATCH',
    path: '/api/characters/:id/pictures/:position',
    body: renamePictureSchema,
    response: characterVersionSchema,
  },
  removePicture: {
    method: 'DELETE',
    path: '/api/characters/:id/pictures/:position',
    response: characterVersionSchema,
  },
  restoreVersion: {
    method: 'POST',
    path: '/api/characters/:id/restore-version',
    body: restoreVersionSchema,
    response: characterSchema,
  },
  forkCharacter: {
    method: 'POST',
    path: '/api/characters/:id/fork',
    body: forkCharacterSchema,
    response: characterSchema,
  },

  lorebooks: { method: 'GET', path: '/api/lorebooks', response: lorebookListSchema },
  createLorebook: { method: 'POST', path: '/api/lorebooks', body: saveLorebookSchema, response: lorebookSummarySchema },
  importLorebook: {
    method: 'POST',
    path: '/api/lorebooks/import',
    body: importLorebookSchema,
    response: importedLorebookSchema,
  },
  lorebook: { method: 'GET', path: '/api/lorebooks/:id', response: lorebookSchema },
  saveLorebook: {
    method: 'PUT',
    path: '/api/lorebooks/:id',
    body: saveLorebookSchema,
    response: lorebookSummarySchema,
  },
  changeLorebook: {
    method: 'POST',
    path: '/api/lorebooks/:id/changes',
    body: changeLorebookSchema,
    response: lorebookSummarySchema,
  },
  saveLoreEntry: {
    method: 'PATCH',
    path: '/api/lorebooks/:id/entries/:uid',
    body: saveLoreEntrySchema,
    response: savedLoreEntrySchema,
  },
  deleteLorebook: { method: 'DELETE', path: '/api/lorebooks/:id', ...ok },
  restoreLorebook: { method: 'POST', path: '/api/lorebooks/:id/restore', response: lorebookSummarySchema },
  duplicateLorebook: {
    method: 'POST',
    path: '/api/lorebooks/:id/duplicate',
    body: renameLorebookSchema,
    response: lorebookSummarySchema,
  },
  characterBook: { method: 'GET', path: '/api/characters/:id/book', response: characterBookSchema },
  saveCharacterBook: {
    method: 'PUT',
    path: '/api/characters/:id/book',
    body: saveCharacterBookSchema,
    response: characterBookSchema,
  },
  moveCharacterBook: {
    method: 'POST',
    path: '/api/characters/:id/book/move',
    body: moveCharacterBookSchema,
    response: lorebookSummarySchema,
  },
  putLorebookIntoCard: {
    method: 'POST',
    path: '/api/lorebooks/:id/card',
    body: putIntoCardSchema,
    response: characterBookSchema,
  },
  testLore: { method: 'POST', path: '/api/lorebooks/test', body: testLoreSchema, response: testedLoreSchema },
  countLoreTokens: {
    method: 'POST',
    path: '/api/lorebooks/tokens',
    body: countLoreTokensSchema,
    response: loreTokenCountSchema,
  },
  linkLorebook: {
    method: 'POST',
    path: '/api/lorebooks/:id/links',
    body: linkLorebookSchema,
    response: lorebookSummarySchema,
  },
  unlinkLorebook: {
    method: 'DELETE',
    path: '/api/lorebooks/:id/links/:kind/:targetId',
    response: lorebookSummarySchema,
  },

  presets: {
    method: 'GET',
    path: '/api/presets',
    response: z.object({ presets: z.array(promptPresetSummarySchema) }),
  },
  createPreset: { method: 'POST', path: '/api/presets', body: savePresetSchema, response: promptPresetSchema },
  importPreset: {
    method: 'POST',
    path: '/api/presets/import',
    body: importPresetSchema,
    response: importedPresetSchema,
  },
  preset: { method: 'GET', path: '/api/presets/:id', response: promptPresetSchema },
  savePreset: { method: 'PUT', path: '/api/presets/:id', body: savePresetSchema, response: promptPresetSchema },
  deletePreset: { method: 'DELETE', path: '/api/presets/:id', ...ok },
  restorePreset: { method: 'POST', path: '/api/presets/:id/restore', response: promptPresetSchema },
  duplicatePreset: {
    method: 'POST',
    path: '/api/presets/:id/duplicate',
    body: duplicatePresetSchema,
    response: promptPresetSchema,
  },
  exportPreset: { method: 'GET', path: '/api/presets/:id/export', response: presetFileSchema },

  personas: { method: 'GET', path: '/api/personas', response: personaListSchema },
  persona: { method: 'GET', path: '/api/personas/:id', response: personaSchema },
  createPersona: { method: 'POST', path: '/api/personas', body: savePersonaSchema, response: personaSchema },
  updatePersona: { method: 'PUT', path: '/api/personas/:id', body: savePersonaSchema, response: personaSchema },
  deletePersona: { method: 'DELETE', path: '/api/personas/:id', ...ok },
  restorePersona: { method: 'POST', path: '/api/personas/:id/restore', response: personaSchema },
  chooseDefaultPersona: {
    method: 'PUT',
    path: '/api/personas/default',
    body: namePersonaSchema,
    response: personaListSchema,
  },
  charactersOfPersona: {
    method: 'GET',
    path: '/api/personas/:id/characters',
    response: z.object({ characters: z.array(characterSummarySchema) }),
  },
  personaOfCharacter: { method: 'GET', path: '/api/characters/:id/persona', response: namePersonaSchema },
  choosePersonaOfCharacter: {
    method: 'PUT',
    path: '/api/characters/:id/persona',
    body: namePersonaSchema,
    response: namePersonaSchema,
  },
  library: { method: 'GET', path: '/api/library', response: libraryPageSchema },
  libraryOverview: { method: 'GET', path: '/api/library/overview', response: libraryOverviewSchema },
  librarySelection: { method: 'GET', path: '/api/library/selection', response: librarySelectionSchema },
  libraryBulk: { method: 'POST', path: '/api/library/bulk', body: bulkSchema, response: bulkResultSchema },
  characterDetails: { method: 'GET', path: '/api/library/characters/:id', response: characterDetailsSchema },
  characterMark: { method: 'GET', path: '/api/library/characters/:id/mark', response: characterMarkSchema },
  updateCharacterMark: {
    method: 'PATCH',
    path: '/api/library/characters/:id/mark',
    body: updateMarkSchema,
    response: characterMarkSchema,
  },
  characterFolders: { method: 'GET', path: '/api/library/folders', response: foldersSchema },
  createCharacterFolder: {
    method: 'POST',
    path: '/api/library/folders',
    body: createFolderSchema,
    response: characterFolderSchema,
  },
  orderCharacterFolders: { method: 'PUT', path: '/api/library/folders/order', body: orderFoldersSchema, ...ok },
  renameCharacterFolder: { method: 'PATCH', path: '/api/library/folders/:id', body: saveFolderSchema, ...ok },
  deleteCharacterFolder: { method: 'DELETE', path: '/api/library/folders/:id', response: deletedFolderSchema },

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
  hideMessage: { method: 'POST', path: '/api/messages/:id/hide', response: messageSchema },
  showMessage: { method: 'POST', path: '/api/messages/:id/show', response: messageSchema },
  receipt: { method: 'GET', path: '/api/messages/:id/receipt', response: receiptSchema },
  messagePrompt: { method: 'GET', path: '/api/messages/:id/prompt', response: promptRecordSchema },
  nextPrompt: { method: 'GET', path: '/api/conversations/:id/prompt', response: promptRecordSchema },

  models: { method: 'GET', path: '/api/models', response: modelsOverviewSchema },
  downloadModel: { method: 'POST', path: '/api/models/:id/download', ...ok },
  cancelModelDownload: { method: 'DELETE', path: '/api/models/:id/download', ...ok },
  removeModel: { method: 'DELETE', path: '/api/models/:id', ...ok },
  verifyModel: { method: 'POST', path: '/api/models/:id/verify', response: z.object({ ok: z.boolean() }) },
  chooseDefaultModel: {
    method: 'PUT',
    path: '/api/models/default',
    body: chooseModelSchema,
    response: modelsOverviewSchema,
  },
  addModelFile: { method: 'POST', path: '/api/models/files', body: addModelFileSchema, response: catalogModelSchema },
  modelChoices: { method: 'GET', path: '/api/models/choices', response: modelChoicesSchema },
  providers: { method: 'GET', path: '/api/providers', response: z.object({ providers: z.array(providerSchema) }) },
  addProvider: { method: 'POST', path: '/api/providers', body: saveProviderSchema, response: providerSchema },
  saveProvider: { method: 'PUT', path: '/api/providers/:id', body: saveProviderSchema, response: providerSchema },
  deleteProvider: { method: 'DELETE', path: '/api/providers/:id', ...ok },
  testProvider: {
    method: 'POST',
    path: '/api/providers/test',
    body: testProviderSchema,
    response: providerVerdictSchema,
  },
  detectProviders: { method: 'GET', path: '/api/providers/detect', response: detectedProvidersSchema },

  currentMove: { method: 'GET', path: '/api/moves/current', response: z.object({ move: moveStatusSchema.nullable() }) },
  beginMove: { method: 'POST', path: '/api/moves', response: moveStatusSchema },
  surveyMove: { method: 'POST', path: '/api/moves/:id/survey', body: surveyMoveSchema, response: moveStatusSchema },
  startMove: { method: 'POST', path: '/api/moves/:id/start', body: startMoveSchema, response: moveStatusSchema },
  cancelMove: { method: 'POST', path: '/api/moves/:id/cancel', response: moveStatusSchema },

  about: { method: 'GET', path: '/api/about', response: aboutSchema },
} as const satisfies Record<string, ApiRoute>;

export type ApiRoutes = typeof API_ROUTES;
export type ApiRouteName = keyof ApiRoutes;

/** Addresses that are not JSON calls: streams and downloads. */
export const API_ADDRESSES = {
  conversationEvents: '/api/conversations/:id/events',
  exportAll: '/api/me/export',
  exportConversation: '/api/conversations/:id/export',
  moveFiles: '/api/moves/:id/files',
  moveEvents: '/api/moves/:id/events',
  draftCharacter: '/api/characters/draft',
  previewCharacter: '/api/characters/preview',
  importCharacterFile: '/api/characters/import-file',
  exportCharacter: '/api/characters/:id/export',
  exportCharacters: '/api/library/export',
} as const;
