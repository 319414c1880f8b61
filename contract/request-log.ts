import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** Whether bodies of requests below `/v1` are kept, and for how many days. Off until the owner says otherwise. */
export const requestLogSettingsSchema = z
  .strictObject({ enabled: z.boolean(), days: z.int().min(1).max(90) })
  .meta({ id: 'RequestLogSettings' });
export type RequestLogSettings = z.infer<typeof requestLogSettingsSchema>;

/** What went over the wire, with keys, addresses and numbers of people and cards taken out. */
export const loggedRequestSchema = z
  .object({
    /** As `x-request-id` and `MeteredCall.requestId` say it. */
    id: idSchema,
    method: z.string(),
    path: z.string(),
    status: z.int(),
    /** JSON, or null where the body was no JSON. */
    requestBody: z.string().nullable(),
    /** JSON; a stream is put together. */
    responseBody: z.string().nullable(),
    /** Something was too long to be kept whole. */
    truncated: z.boolean(),
    durationInMs: z.number().nonnegative(),
    createdAt: timeSchema,
  })
  .meta({ id: 'LoggedRequest' });
export type LoggedRequest = z.infer<typeof loggedRequestSchema>;
