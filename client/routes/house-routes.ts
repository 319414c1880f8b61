import { z } from 'zod';
import { okSchema } from '../../contract/common.ts';
import { aboutSchema, httpsStatusSchema, setHttpsSchema } from '../../contract/house.ts';
import {
  addModelFileSchema,
  catalogModelSchema,
  chooseModelSchema,
  detectedProvidersSchema,
  modelChoicesSchema,
  modelsOverviewSchema,
  providerSchema,
  providerVerdictSchema,
  saveProviderSchema,
  testProviderSchema,
} from '../../contract/models.ts';
import { moveStatusSchema, startMoveSchema, surveyMoveSchema } from '../../contract/moving.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** Models, providers, moving in, and what the house is. */
export const HOUSE_ROUTES = {
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
  https: { method: 'GET', path: '/api/house/https', response: httpsStatusSchema },
  setHttps: { method: 'PUT', path: '/api/house/https', body: setHttpsSchema, response: httpsStatusSchema },
  renewHttps: { method: 'POST', path: '/api/house/https/renew', response: httpsStatusSchema },

  about: { method: 'GET', path: '/api/about', response: aboutSchema },
} as const satisfies Record<string, ApiRoute>;
