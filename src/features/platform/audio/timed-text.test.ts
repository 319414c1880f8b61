import { expect, test } from 'vitest';
import { toSegments, toSrt, toVtt } from './timed-text.ts';

const pieces = [
  { startInSeconds: 0.25, endInSeconds: 2.5, text: 'Hello\n\nthere <you>' },
  { startInSeconds: 3661.0004, endInSeconds: 3662, text: '再见' },
];

test('subtitles of both kinds', () => {
  expect(toSrt(pieces)).toBe(
    '1\n00:00:00,250 --> 00:00:02,500\nHello there <you>\n\n2\n01:01:01,000 --> 01:01:02,000\n再见\n\n',
  );
  expect(toVtt(pieces)).toBe(
    'WEBVTT\n\n00:00:00.250 --> 00:00:02.500\nHello there &lt;you&gt;\n\n01:01:01.000 --> 01:01:02.000\n再见\n\n',
  );
});

test('segments count from nought and keep their times', () => {
  expect(toSegments(pieces)[1]).toMatchObject({ id: 1, seek: 366_100, start: 3661, end: 3662, tokens: [] });
});
