import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  createdWebhookSchema,
  createWebhookSchema,
  listWebhookDeliveriesQuerySchema,
  updateWebhookSchema,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookListSchema,
  webhookSchema,
} from '../../../contract/webhooks.ts';
import type { Webhooks } from '../../features/platform/webhooks/webhooks.ts';
import type { Area, HttpApp } from '../http-app.ts';

const tags = ['platform'];
// Whoever has an address told of everything reads along: people decide that, not keys.
const config = { access: 'user', scope: 'account' } as const;
const byId = z.object({ id: idSchema });

/** Addresses that are told of what happens, and the messages to them. */
export function platformWebhooksArea(webhooks: Webhooks): Area {
  return (app) => {
    webhookRoutes(app, webhooks);
    deliveryRoutes(app, webhooks);
  };
}

function webhookRoutes(app: HttpApp, webhooks: Webhooks): void {
  app.route({
    method: 'GET',
    url: '/api/platform/webhooks',
    schema: { summary: 'One’s webhooks', tags, response: { 200: webhookListSchema } },
    config,
    handler: ({ actor }) => webhooks.list(actor),
  });
  app.route({
    method: 'POST',
    url: '/api/platform/webhooks',
    schema: {
      summary: 'Adds a webhook; its secret is shown this once',
      tags,
      body: createWebhookSchema,
      response: { 200: createdWebhookSchema },
    },
    config,
    handler: ({ actor, body }) => webhooks.create(actor, body),
  });
  app.route({
    method: 'PATCH',
    url: '/api/platform/webhooks/:id',
    schema: {
      summary: 'Changes a webhook, or switches it on or off',
      tags,
      params: byId,
      body: updateWebhookSchema,
      response: { 200: webhookSchema },
    },
    config,
    handler: ({ actor, params, body }) => webhooks.update(actor, params.id, body),
  });
  app.route({
    method: 'DELETE',
    url: '/api/platform/webhooks/:id',
    schema: { summary: 'Removes a webhook', tags, params: byId, response: { 200: okSchema } },
    config,
    handler: async ({ actor, params }) => {
      await webhooks.remove(actor, params.id);
      return { ok: true } as const;
    },
  });
  app.route({
    method: 'POST',
    url: '/api/platform/webhooks/:id/rotate',
    schema: {
      summary: 'Gives a webhook another secret; the old one signs too for a day',
      tags,
      params: byId,
      response: { 200: createdWebhookSchema },
    },
    config,
    handler: ({ actor, params }) => webhooks.rotate(actor, params.id),
  });
}

function deliveryRoutes(app: HttpApp, webhooks: Webhooks): void {
  app.route({
    method: 'GET',
    url: '/api/platform/webhooks/:id/deliveries',
    schema: {
      summary: 'Messages to a webhook, the newest first',
      tags,
      params: byId,
      querystring: listWebhookDeliveriesQuerySchema,
      response: { 200: webhookDeliveryListSchema },
    },
    config,
    handler: ({ actor, params, query }) => webhooks.deliveries(actor, params.id, query),
  });
  app.route({
    method: 'POST',
    url: '/api/platform/webhooks/:id/deliveries/:deliveryId/redeliver',
    schema: {
      summary: 'Sends a message once more',
      tags,
      params: byId.extend({ deliveryId: idSchema }),
      response: { 200: webhookDeliverySchema },
    },
    config,
    handler: ({ actor, params }) => webhooks.redeliver(actor, { webhookId: params.id, id: params.deliveryId }),
  });
}
