import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { toAscii } from './build-server.ts';

test('letters beyond ASCII are written so that a program means the same', () => {
  const program =
    String.raw`[ "常伴 “ok”", '\’', /[\u4e00-鿿]+\‘$/.test('汉字‘'), /^[😀-😂]$/u.test('😁'), ` + '`“${"é"}”` ]';
  const written = toAscii(program);
  expect(written).toMatch(/^[\0-\x7f]*$/);
  const evaluate = (text: string): unknown => runInThisContext(`(${text})`);
  expect(evaluate(written)).toEqual(evaluate(program));
  expect(evaluate(written)).toEqual(['常伴 “ok”', '’', true, true, '“é”']);
});
