import { z } from 'zod';
import { okSchema } from '../../contract/common.ts';
import {
  changePlatformKeySchema,
  createPlatformKeySchema,
  platformKeySchema,
  rotatePlatformKeySchema,
  shownKeySchema,
} from '../../contract/platform-keys.ts';
import {
  openboxOverviewSchema,
  openboxRunDetailsSchema,
  openboxRunSchema,
  saveOpenboxRunSchema,
} from '../../contract/openbox.ts';
import { loggedRequestSchema, requestLogSettingsSchema } from '../../contract/request-log.ts';
import { modelRouteSchema, routesViewSchema } from '../../contract/routes.ts';
import { addTeamMemberSchema, changeTeamMemberSchema, saveTeamSchema, teamSchema } from '../../contract/teams.ts';
import {
  createWebhookSchema,
  createdWebhookSchema,
  updateWebhookSchema,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookListSchema,
  webhookSchema,
} from '../../contract/webhooks.ts';
import type { ApiRoute } from '../api-route.ts';

const key = { method: 'POST', path: '/api/platform/keys' } as const;
const team = { path: '/api/platform/teams/:id', response: teamSchema } as const;

/** What the console of developers manages. */
export const PLATFORM_ROUTES = {
  platformKeys: { method: 'GET', path: '/api/platform/keys', response: z.object({ keys: z.array(platformKeySchema) }) },
  createPlatformKey: { ...key, body: createPlatformKeySchema, response: shownKeySchema },
  changePlatformKey: {
    method: 'PATCH',
    path: '/api/platform/keys/:id',
    body: changePlatformKeySchema,
    response: platformKeySchema,
  },
  rotatePlatformKey: {
    method: 'POST',
    path: '/api/platform/keys/:id/rotate',
    body: rotatePlatformKeySchema,
    response: shownKeySchema,
  },
  revokePlatformKey: { method: 'DELETE', path: '/api/platform/keys/:id', response: okSchema },
  routes: { method: 'GET', path: '/api/platform/routes', response: routesViewSchema },
  saveRoute: { method: 'PUT', path: '/api/platform/routes', body: modelRouteSchema, response: routesViewSchema },
  removeRoute: {
    method: 'DELETE',
    path: '/api/platform/routes',
    response: routesViewSchema,
  },
  teams: { method: 'GET', path: '/api/platform/teams', response: z.object({ teams: z.array(teamSchema) }) },
  createTeam: { method: 'POST', path: '/api/platform/teams', body: saveTeamSchema, response: teamSchema },
  renameTeam: { ...team, method: 'PATCH', body: saveTeamSchema },
  removeTeam: { method: 'DELETE', path: '/api/platform/teams/:id', response: okSchema },
  addTeamMember: {
    method: 'POST',
    path: '/api/platform/teams/:id/members',
    body: addTeamMemberSchema,
    response: teamSchema,
  },
  changeTeamMember: {
    method: 'PATCH',
    path: '/api/platform/teams/:id/members/:userId',
    body: changeTeamMemberSchema,
    response: teamSchema,
  },
  removeTeamMember: { method: 'DELETE', path: '/api/platform/teams/:id/members/:userId', response: okSchema },
  openbox: { method: 'GET', path: '/api/platform/openbox', response: openboxOverviewSchema },
  saveOpenboxRun: {
    method: 'POST',
    path: '/api/platform/openbox/runs',
    body: saveOpenboxRunSchema,
    response: openboxRunSchema,
  },
  openboxRun: { method: 'GET', path: '/api/platform/openbox/runs/:id', response: openboxRunDetailsSchema },
  removeOpenboxRun: { method: 'DELETE', path: '/api/platform/openbox/runs/:id', response: okSchema },
  webhooks: { method: 'GET', path: '/api/platform/webhooks', response: webhookListSchema },
  createWebhook: {
    method: 'POST',
    path: '/api/platform/webhooks',
    body: createWebhookSchema,
    response: createdWebhookSchema,
  },
  updateWebhook: {
    method: 'PATCH',
    path: '/api/platform/webhooks/:id',
    body: updateWebhookSchema,
    response: webhookSchema,
  },
  removeWebhook: { method: 'DELETE', path: '/api/platform/webhooks/:id', response: okSchema },
  rotateWebhook: { method: 'POST', path: '/api/platform/webhooks/:id/rotate', response: createdWebhookSchema },
  webhookDeliveries: {
    method: 'GET',
    path: '/api/platform/webhooks/:id/deliveries',
    response: webhookDeliveryListSchema,
  },
  redeliverWebhook: {
    method: 'POST',
    path: '/api/platform/webhooks/:id/deliveries/:deliveryId/redeliver',
    response: webhookDeliverySchema,
  },
  loggedRequest: { method: 'GET', path: '/api/platform/requests/:id', response: loggedRequestSchema },
  requestLog: { method: 'GET', path: '/api/platform/request-log', response: requestLogSettingsSchema },
  changeRequestLog: {
    method: 'PUT',
    path: '/api/platform/request-log',
    body: requestLogSettingsSchema,
    response: requestLogSettingsSchema,
  },
  clearRequestLog: { method: 'DELETE', path: '/api/platform/request-log', response: okSchema },
} as const satisfies Record<string, ApiRoute>;
