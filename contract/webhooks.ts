import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** What is told. Names as OpenAI's webhooks have them, where it has them. */
export const webhookEventTypeSchema = z.enum([
  'batch.completed',
  'batch.failed',
  'batch.cancelled',
  'batch.expired',
  'response.completed',
  'response.failed',
  'response.cancelled',
  'response.incomplete',
  'limit.soft',
  'limit.hard',
]);
export type WebhookEventType = z.infer<typeof webhookEventTypeSchema>;

const urlSchema = z.url({ protocol: /^https?$/, error: 'This is no address: it begins with https://.' }).max(2000);
const eventsSchema = z.array(webhookEventTypeSchema).min(1).max(20);

/** An address that is told of what happens. `events` empty never; its secret is shown once. */
export const webhookSchema = z
  .object({
    id: idSchema,
    url: z.string(),
    description: z.string(),
    events: z.array(webhookEventTypeSchema),
    enabled: z.boolean(),
    /** Why the house stopped telling it, by itself; null while it does. */
    disabledReason: z.string().nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof webhookSchema>;

export const webhookListSchema = z.object({ webhooks: z.array(webhookSchema) }).meta({ id: 'WebhookList' });

export const createWebhookSchema = z.strictObject({
  url: urlSchema,
  description: z.string().max(200).default(''),
  events: eventsSchema,
});
export type CreateWebhook = z.infer<typeof createWebhookSchema>;

export const updateWebhookSchema = z.strictObject({
  url: urlSchema.optional(),
  description: z.string().max(200).optional(),
  events: eventsSchema.optional(),
  enabled: z.boolean().optional(),
});
export type UpdateWebhook = z.infer<typeof updateWebhookSchema>;

/** With `secret` (`whsec_…`), which is shown this once. */
export const createdWebhookSchema = z
  .object({ webhook: webhookSchema, secret: z.string() })
  .meta({ id: 'CreatedWebhook' });
export type CreatedWebhook = z.infer<typeof createdWebhookSchema>;

/** One message to one address. `waiting` until it was taken with a 2xx, or given up. */
export const webhookDeliverySchema = z
  .object({
    id: idSchema,
    webhookId: idSchema,
    /** The same for every address that is told of it, and for every try. */
    eventId: z.string(),
    type: webhookEventTypeSchema,
    /** The body as it is sent. */
    payload: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.int().nonnegative(),
    /** Of the last answer; null where there was none. */
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    nextAttemptAt: timeSchema.nullable(),
    createdAt: timeSchema,
    deliveredAt: timeSchema.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

export const listWebhookDeliveriesQuerySchema = z.object({
  state: z.enum(['waiting', 'delivered', 'failed']).optional(),
  /** The id of the last one of the page before. */
  before: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListWebhookDeliveriesQuery = z.infer<typeof listWebhookDeliveriesQuerySchema>;

/** Newest first. */
export const webhookDeliveryListSchema = z
  .object({ deliveries: z.array(webhookDeliverySchema), more: z.boolean() })
  .meta({ id: 'WebhookDeliveryList' });
export type WebhookDeliveryList = z.infer<typeof webhookDeliveryListSchema>;
