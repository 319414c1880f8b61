import { expect, test } from 'vitest';
import { answerGrammar, callGrammar, onlyCallGrammar } from './arguments-grammar.ts';

const rulesOf = (schema: unknown) =>
  callGrammar(schema, { comma: false, quote: false })
    .split('\n')
    .filter((line) => /^r\d+ /.test(line));

test('required properties come in order, others may be left out, values by their types', () => {
  const grammar = callGrammar(
    {
      type: 'object',
      properties: {
        loud: { type: 'boolean' },
        hour: { type: 'integer' },
        days: { type: 'array', items: { enum: ['mon', 'say "x"'] } },
      },
      required: ['hour', 'days'],
    },
    { comma: true, quote: false },
  );
  expect(grammar.split('\n').slice(0, 5)).toEqual([
    String.raw`root ::= ws "\"" "arguments\"" ws ":" ws r3 ws "}" [ \n]*`,
    String.raw`r0 ::= "\"mon\"" | "\"say \\\"x\\\"\""`,
    'r1 ::= "[" ws (r0 ("," ws r0)*)? ws "]"',
    String.raw`r2 ::= "\"loud\"" ":" ws boolean`,
    String.raw`r3 ::= "{" ws "\"hour\"" ":" ws integer "," ws "\"days\"" ":" ws r1 ("," ws r2)? ws "}"`,
  ]);
});

test('where nothing is required every choice of properties is allowed, none too', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' }, b: { type: ['number', 'null'] } } };
  expect(rulesOf(schema).at(-1)).toBe('r3 ::= "{" ws (r0 ("," ws r2)? | r2)? ws "}"');
});

test.each([
  ['nothing', undefined],
  ['no object', { type: 'string', enum: [{}] }],
  ['a reference', { $ref: '#/definitions/a' }],
  [
    'too many properties',
    { type: 'object', properties: Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`x${i}`, {}])) },
  ],
])('of %s any object is allowed', (_what, schema) => {
  expect(callGrammar(schema, { comma: true, quote: true })).toMatch(/^root ::= "arguments\\"" ws ":" ws object /);
});

test('a schema that is deep, wide or endless stays a small grammar', () => {
  let deep: object = { type: 'string' };
  for (let level = 0; level < 200; level += 1) deep = { type: 'object', properties: { a: deep }, required: ['a'] };
  expect(rulesOf(deep).length).toBeLessThan(20);
  const wide = (level: number): object => ({
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p${i}`, level === 0 ? {} : wide(level - 1)])),
  });
  expect(rulesOf(wide(2)).length).toBeLessThan(400);
  expect(
    rulesOf({ type: 'object', properties: { a: { enum: Array.from({ length: 5000 }, (_, i) => i) } } }),
  ).toHaveLength(2);
});

test('an answer that must be a call is one of the tools, marks and all', () => {
  const [root, ...rules] = onlyCallGrammar([
    { name: 'now', schema: {} },
    { name: 'add', schema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } },
  ]).split('\n');
  expect(root).toBe(
    String.raw`root ::= "<tool_call>\n{\"name\": \"now\", \"arguments\": " object "}\n</tool_call>"` +
      String.raw` | "<tool_call>\n{\"name\": \"add\", \"arguments\": " r0 "}\n</tool_call>"`,
  );
  expect(rules[0]).toBe(String.raw`r0 ::= "{" ws "\"a\"" ":" ws integer ws "}"`);
});

test('references become rules of their own, also where a schema is a part of itself', () => {
  const schema = {
    type: 'object',
    properties: { tree: { $ref: '#/$defs/tree' }, note: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    required: ['tree', 'note'],
    $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } }, loop: { $ref: '#/$defs/loop' } },
  };
  const rules = answerGrammar(schema).split('\n');
  expect(rules[0]).toBe('root ::= r3');
  expect(rules).toContain('r0 ::= r1');
  expect(rules).toContain('r1 ::= "[" ws (r0 ("," ws r0)*)? ws "]"');
  expect(rules).toContain('r2 ::= string | null');
  expect(answerGrammar({ ...schema, $ref: '#/$defs/loop' })).toContain('r0 ::= value');
});
