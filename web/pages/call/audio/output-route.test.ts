import { expect, test } from 'vitest';
import { chooseOutputWay } from './output-route.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const OLD_CHROME = CHROME.replace('141', '105');
const ANDROID = CHROME.replace('X11; Linux x86_64', 'Linux; Android 14; Pixel 8');
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

test.each([
  ['auto', '', CHROME, 'direct'],
  ['auto', 'desk speakers', CHROME, 'direct'],
  ['auto', '', OLD_CHROME, 'loopback'],
  ['auto', '', ANDROID, 'loopback'],
  ['off', '', ANDROID, 'direct'],
  ['on', '', CHROME, 'loopback'],
  ['auto', '', FIREFOX, 'direct'],
  ['auto', 'desk speakers', FIREFOX, 'element'],
] as const)('loopback %s, speaker "%s", %s: %s', (loopback, speaker, userAgent, way) => {
  expect(chooseOutputWay({ loopback, speaker, userAgent })).toBe(way);
});
