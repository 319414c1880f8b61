import { expect, test } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import { PatternCache } from './pattern-cache.ts';
import { RegexGuard } from './regex-guard.ts';
import { slashedPattern } from './slashed-pattern.ts';

test.each([
  ['a+b', '', 'linear'],
  ['(?<name>a)|\\u0041\\x42', 'i', 'linear'],
  ['[^\\s\\d]+', 's', 'linear'],
  ['a(?=b)', '', 'backtracking'],
  ['(?<!a)b', '', 'backtracking'],
  ['(a)\\1', '', 'backtracking'],
  ['(a', '', 'invalid'],
  ['a', 'ii', 'invalid'],
])('%s with “%s” is %s', (source, flags, kind) => {
  expect(compilePattern(source, flags).kind).toBe(kind);
});

test('linear patterns find what JavaScript finds', () => {
  const cases: [string, string, string][] = [
    ['foo\\sbar', '', 'foo\u3000bar'],
    ['foo[\\s,]bar', '', 'foo\u00A0bar'],
    ['^\\S+$', '', 'a\u3000b'],
    ['\\bcat\\b', 'i', 'a CAT.'],
    ['^b', 'm', 'a\nb'],
    ['^b', '', 'a\nb'],
    ['a.b', 's', 'a\nb'],
    ['a.b', '', 'a\nb'],
    ['灯[塔台]', '', '在灯塔'],
    ['[\\]\\s]x', '', ']x'],
    ['a{2,3}?b', '', 'aaab'],
    ['(?:x|\\/y)', '', '/y'],
    ['\\x01Ann: .*lamp', '', '\u0001Ann: the lamp'],
  ];
  for (const [source, flags, text] of cases) {
    const pattern = compilePattern(source, flags);
    if (pattern.kind !== 'linear') throw new Error(`${source} is ${pattern.kind}`);
    expect([source, pattern.test(text)]).toEqual([source, new RegExp(source, flags).test(text)]);
  }
});

test('`/pattern/flags`', () => {
  expect(slashedPattern('/a\\/b/gi')).toEqual({ source: 'a/b', flags: 'i' });
  expect(slashedPattern('/a/b/')).toBeNull();
  expect(slashedPattern('//')).toBeNull();
  expect(slashedPattern('/a/x')).toBeNull();
  expect(slashedPattern('plain')).toBeNull();
});

/** Each would take V8 or RE2 far longer than a second. */
const HOSTILE: [string, string, string][] = [
  ['nested repeats with lookahead', '(?=a)(a+)+$', `${'a'.repeat(5000)}b`],
  ['backreference', '(a*)*\\1b', 'a'.repeat(5000)],
  ['alternatives', '(?!x)(a|a|aa)+$', `${'a'.repeat(5000)}b`],
  ['states beyond number', '(?:a|b)*a(?:a|b){20}cd', `cd${'abbabaabbaababba'.repeat(250)}`],
  ['repeats of nothing', '(?:x?){100}x{100}', 'x'.repeat(3000)],
  ['a large program over a long text', '(?:[ab]{0,900}){1}(?:b|ba){0,100}c$', 'ab'.repeat(2_000_000)],
  ['a pattern that is long to compile', '(x+x+)+y'.repeat(1200), 'x'.repeat(1000)],
];

/** The promise is 50 ms a message; the rest is room for a machine that is slower than usual. */
const BOUND = 50 * 3;

/** Milliseconds of the processor that this thread used since it was made. */
function createStopwatch(): () => number {
  const start = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  };
}

test.each(HOSTILE)('a hostile expression ends in time: %s', (_, source, text) => {
  const guard = new RegexGuard(new PatternCache());
  const spent = createStopwatch();
  const answer = guard.test({ source, flags: '', text });
  expect(spent()).toBeLessThan(BOUND);
  expect(answer).not.toBe('invalid');
});

test('many hostile expressions together stay within the one bound, and the honest linear ones still answer', () => {
  const guard = new RegexGuard(new PatternCache());
  const text = `${'a'.repeat(3000)}b`;
  const spent = createStopwatch();
  const answers = Array.from({ length: 200 }, (_, index) =>
    guard.test({ source: `(?=a)(a+)+${'x'.repeat(index % 7)}$`, flags: '', text }),
  );
  answers.push(guard.test({ source: 'a+b$', flags: '', text }));
  expect(spent()).toBeLessThan(BOUND);
  expect(answers.slice(0, -1).every((answer) => answer === 'timeout' || answer === 'no-match')).toBe(true);
  expect(answers[0]).toBe('timeout');
  expect(answers.at(-1)).toBe('match');
});

test('an answer is not worked out twice', () => {
  const guard = new RegexGuard(new PatternCache());
  const hostile = { source: '(?=a)(a+)+$', flags: '', text: `${'a'.repeat(3000)}b` };
  expect(guard.test(hostile)).toBe('timeout');
  const spent = createStopwatch();
  for (let count = 0; count < 1000; count += 1) guard.test(hostile);
  expect(spent()).toBeLessThan(BOUND);
});
