import { expect, test } from 'vitest';
import { API_ROUTES } from '../../client/api-routes.ts';
import { openHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

interface Operation {
  requestBody?: unknown;
  responses?: Record<string, unknown>;
}

test('every call of the typed client stands in the OpenAPI document, with a body where the client sends one', async () => {
  await using house = await openHouse({ script: talkingScript });
  const { paths } = await house.owner.call<{ paths: Record<string, Record<string, Operation>> }>(
    'GET',
    '/api/openapi.json',
  );
  const problems = Object.entries(API_ROUTES).flatMap(([name, route]) => {
    const operation = paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
    if (!operation) return [`${name}: ${route.method} ${route.path} is not documented`];
    const sends = 'body' in route;
    return sends === (operation.requestBody !== undefined) ? [] : [`${name}: the body differs`];
  });
  expect(problems).toEqual([]);
});
