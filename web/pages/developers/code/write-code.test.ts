import { expect, test } from 'vitest';
import { parseSync } from 'oxc-parser';
import { EXAMPLE_TASKS, exampleOf } from './example-tasks.ts';
import { toPython, toShell } from './literals.ts';
import { CODE_LANGUAGES } from './v1-example.ts';
import { writeCode } from './write-code.ts';

const names = { model: 'qwen', character: 'character/mira' };
const target = { baseUrl: 'http://127.0.0.1:4321/v1', key: 'ew_secret' };

test.each(EXAMPLE_TASKS)('the code of %s names the address, the key and the model', (task) => {
  const example = exampleOf(task, names);
  for (const language of CODE_LANGUAGES) {
    const code = writeCode(language, example, target);
    expect(code, language).toContain(target.baseUrl);
    expect(code, language).toContain(target.key);
    expect(code, language).toContain(String(example.body['model']));
  }
});

test.each(EXAMPLE_TASKS)('the JavaScript of %s can be read', (task) => {
  for (const language of ['node', 'langchain', 'ai-sdk'] as const) {
    const code = writeCode(language, exampleOf(task, names), target);
    expect(parseSync(`${language}.mjs`, code).errors, code).toEqual([]);
  }
});

test('values are written as Python has them, and quotes survive a shell', () => {
  expect(toPython({ a: [true, null, 1.5], b: {} })).toBe(
    '{\n    "a": [\n        True,\n        None,\n        1.5,\n    ],\n    "b": {},\n}',
  );
  expect(toShell("it's")).toBe(String.raw`'it'\''s'`);
});
