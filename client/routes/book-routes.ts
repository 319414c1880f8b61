import { z } from 'zod';
import {
  changeLorebookSchema,
  characterBookSchema,
  countLoreTokensSchema,
  importedLorebookSchema,
  loreTokenCountSchema,
  lorebookListSchema,
  moveCharacterBookSchema,
  putIntoCardSchema,
  renameLorebookSchema,
  saveCharacterBookSchema,
  saveLoreEntrySchema,
  savedLoreEntrySchema,
} from '../../contract/books.ts';
import { okSchema } from '../../contract/common.ts';
import {
  importLorebookSchema,
  linkLorebookSchema,
  lorebookSchema,
  lorebookSummarySchema,
  saveLorebookSchema,
  testLoreSchema,
  testedLoreSchema,
} from '../../contract/lore.ts';
import {
  duplicatePresetSchema,
  importPresetSchema,
  importedPresetSchema,
  presetFileSchema,
  promptPresetSchema,
  promptPresetSummarySchema,
  savePresetSchema,
} from '../../contract/prompts.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** Lorebooks and prompt presets. */
export const BOOK_ROUTES = {
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
} as const satisfies Record<string, ApiRoute>;
