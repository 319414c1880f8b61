import { z } from 'zod';

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

export const deleteAllSchema = z
  .strictObject({
    /** The word the person typed to be sure. */
    confirm: z.literal('delete'),
  })
  .meta({ id: 'DeleteAll' });
