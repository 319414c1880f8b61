import { z } from 'zod';
import { cardImportSchema, exportChoicesSchema, importLinkSchema } from '../../contract/cards.ts';
import {
  addPictureSchema,
  characterVersionSchema,
  forkCharacterSchema,
  renamePictureSchema,
  restoreVersionSchema,
  versionSummarySchema,
} from '../../contract/character-fields.ts';
import {
  characterSchema,
  characterSummarySchema,
  createCharacterSchema,
  importCharacterSchema,
  updateCharacterSchema,
} from '../../contract/characters.ts';
import { okSchema } from '../../contract/common.ts';
import { countTokensSchema, countedTokensSchema } from '../../contract/drafting.ts';
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
} from '../../contract/library.ts';
import { namePersonaSchema, personaListSchema, personaSchema, savePersonaSchema } from '../../contract/personas.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** Characters, the library of them, and who a person is to them. */
export const CHARACTER_ROUTES = {
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
} as const satisfies Record<string, ApiRoute>;
