import { expect, test } from 'vitest';
import { kindsOf, operationsOf, type OpenApiDocument } from './openai-fields.ts';

const kind = (type: string, properties: object) => ({ properties: { type: { enum: [type] }, ...properties } });
const document: OpenApiDocument = {
  paths: {
    '/v1/things/{id}': {
      post: {
        parameters: [{ name: 'include[]', in: 'query' }],
        requestBody: { content: { 'application/json': { schema: { type: 'array', items: ref('Thing') } } } },
        responses: {
          200: {
            content: {
              'application/json': { schema: ref('Made') },
              'text/event-stream': { schema: { properties: { delta: {} } } },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: { oneOf: [ref('Plain'), ref('Odd')] },
      Plain: kind('plain', { name: {} }),
      Odd: kind('odd', { name: {}, wheels: { items: { properties: { size: {} } } } }),
      Made: { allOf: [ref('Odd'), { properties: { maker: {} } }] },
    },
  },
};

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

test('fields that one kind alone has are told with it', () => {
  const [operation] = operationsOf(document, { prefix: '/v1', kinds: new Set(['odd']) }).values();
  expect(operation?.name).toBe('POST /things/{}');
  expect(Object.fromEntries(operation?.request ?? [])).toEqual({
    '?include': null,
    '[].type': null,
    '[].name': null,
    '[].wheels': 'odd',
    '[].wheels[].size': 'odd',
  });
  expect(operation?.response.get('maker')).toBe('odd');
  expect([...(operation?.events.keys() ?? [])]).toEqual(['delta']);
});

test('kinds of the variants of a schema', () => {
  expect(kindsOf(document, 'Thing')).toEqual(['plain', 'odd']);
});
