import type { z } from 'zod';

export interface ApiRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` marks a parameter. */
  path: `/${string}`;
  body?: z.ZodType;
  response: z.ZodType;
}
