import { z } from 'zod';
import { timeSchema } from './common.ts';

/** `/healthz`: the process lives. `/readyz` adds what it needs to serve. */
export const healthSchema = z
  .object({ status: z.literal('ok'), version: z.string(), uptimeInSeconds: z.number().nonnegative() })
  .meta({ id: 'Health' });
export const readinessSchema = z
  .object({
    ready: z.boolean(),
    checks: z.object({ storage: z.boolean(), web: z.boolean(), model: z.boolean() }),
  })
  .meta({ id: 'Readiness' });

/** What the terminal wants to know of the running server. */
export const aboutSchema = z
  .object({
    version: z.string(),
    address: z.string(),
    dataDirectory: z.string(),
    storage: z.enum(['sqlite', 'postgres']),
    roles: z.array(z.string()),
  })
  .meta({ id: 'About' });
export type About = z.infer<typeof aboutSchema>;

/** HTTPS on the local network. */
export const httpsStatusSchema = z
  .object({
    enabled: z.boolean(),
    /** Where other devices reach the house; empty while it does not listen. */
    addresses: z.array(z.string()),
    /** sha256 of the authority's certificate, `AB:CD:…`, to compare before it is trusted. */
    fingerprint: z.string().nullable(),
    /** When the server's certificate ends; it is made anew before. */
    expiresAt: timeSchema.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'HttpsStatus' });
export type HttpsStatus = z.infer<typeof httpsStatusSchema>;
export const setHttpsSchema = z.strictObject({ enabled: z.boolean() }).meta({ id: 'SetHttps' });

export const deleteAllSchema = z
  .strictObject({
    /** The word the person typed to be sure. */
    confirm: z.literal('delete'),
  })
  .meta({ id: 'DeleteAll' });
