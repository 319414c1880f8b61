import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { errorSchema } from '../../contract/common.ts';
import { anthropicErrorSchema } from '../../contract/anthropic/messages.ts';
import { openAiErrorSchema } from '../../contract/openai/errors.ts';
import type { Access, HttpApp } from './http-app.ts';

/** Paths below these prefixes must say who may call them. */
const GUARDED = /^\/(?:api|v1)\//;

/**
 * Describes every route as OpenAPI 3.1 from the schemas it validates with. Adds to each what they
 * share: the error shape and the credentials; a route that does not say who may call it is refused.
 */
export async function registerOpenApi(app: HttpApp, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (!GUARDED.test(route.url)) return;
    const access = route.config?.access;
    if (access === undefined)
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it.`);
    const schema = (route.schema ?? {}) as { hide?: boolean; response?: Record<string, unknown> };
    // What is not described is not held to a description either.
    if (schema.hide === true) return;
    const failure = failureOf(route.url);
    route.schema = {
      ...schema,
      security: securityOf(access),
      response: { ...schema.response, '4xx': failure, '5xx': failure },
    };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Everwith',
        version,
        description: 'The API of this house. The browser app uses exactly these calls.',
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'everwith',
            description: 'The cookie of a signed-in browser.',
          },
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or the token of the terminal.' },
        },
      },
    },
    transform: (described) => jsonSchemaTransform(withUnchecked(described)),
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/api/openapi.json', { schema: { hide: true }, config: { access: 'public' } }, () => app.swagger());
}

type Described = Parameters<typeof jsonSchemaTransform>[0];

/** What a route says of what it takes and answers, beside what is checked on the way in and out. */
function withUnchecked(described: Described): Described {
  const { takes, answers, events } = described.route.config ?? {};
  const { response, ...schema } = described.schema as { response?: object };
  const unchecked = { ...answers, ...(events ? { 200: asStream(events, answers?.[200]) } : {}) };
  const body = takes ? { body: takes } : {};
  return { ...described, schema: { ...schema, ...body, response: { ...unchecked, ...response } } };
}

/** An answer that comes whole, where it does, or event by event. */
function asStream(events: z.ZodType, whole: z.ZodType | undefined) {
  return {
    description: 'Whole, or as events',
    content: {
      ...(whole ? { 'application/json': { schema: whole } } : {}),
      'text/event-stream': { schema: events },
    },
  };
}

function securityOf(access: Access): Record<string, string[]>[] {
  return access === 'public' ? [] : [{ session: [] }, { bearer: [] }];
}

function failureOf(url: string) {
  if (url.startsWith('/v1/messages')) return anthropicErrorSchema;
  return url.startsWith('/v1/') ? openAiErrorSchema : errorSchema;
}
