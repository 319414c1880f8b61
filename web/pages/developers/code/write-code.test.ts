import { expect, test } from 'vitest';
import { parseSync } from 'oxc-parser';
import { EXAMPLE_TASKS, exampleOf } from './example-tasks.ts';
import { toJavaScript, toJson, toPython, toShell } from './literals.ts';
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

test('values are written as each language has them, in one line where they fit', () => {
  expect(toPython({ a: [true, null, 1.5], b: {} })).toBe('{"a": [True, None, 1.5], "b": {}}');
  const long = { words: 'w'.repeat(80), none: undefined };
  expect(toPython(long, 4)).toBe(`{\n        "words": "${long.words}",\n    }`);
  expect(toJson(long)).toBe(`{\n  "words": "${long.words}"\n}`);
  expect(JSON.parse(toJson({ deep: [long, long] }))).toEqual({ deep: [{ words: long.words }, { words: long.words }] });
  expect(toShell("it's")).toBe(String.raw`'it'\''s'`);
});

test.each([`it's "so"`, 'a\nb', String.raw`C:\"x\\'`, '猫 🐈'])('%j is the same text in JavaScript', (text) => {
  const { errors, program } = parseSync('one.mjs', toJavaScript(text));
  expect(errors).toEqual([]);
  expect(program.body[0]).toMatchObject({ expression: { value: text } });
});
