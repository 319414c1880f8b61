// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { chooseLanguage, isWrittenIn, rememberLanguage } from './choose-language.ts';

beforeEach(() => localStorage.clear());

test('languages are guessed by script, English by its small words', () => {
  expect(isWrittenIn('The tide is out and you are late.', 'en')).toBe(true);
  expect(isWrittenIn('Die Flut ist weg, und du kommst spät.', 'en')).toBe(false);
  expect(isWrittenIn('潮水退了，你来晚了。', 'zh-Hans')).toBe(true);
  expect(isWrittenIn('潮が引いた、あなたは遅い。', 'zh-Hans')).toBe(false);
  expect(isWrittenIn('潮が引いた、あなたは遅い。', 'ja')).toBe(true);
  expect(isWrittenIn('12 ** 3', 'en')).toBe(false);
});

test('a message is translated into the reader’s language, or the other one where it is in that', () => {
  expect(chooseLanguage('潮水退了，你来晚了。', 'en')).toBe('en');
  expect(chooseLanguage('The tide is out and you are late.', 'en')).toBe('zh-Hans');
  expect(chooseLanguage('The tide is out and you are late.', 'zh-CN')).toBe('zh-Hans');
  rememberLanguage('fr');
  expect(chooseLanguage('潮水退了，你来晚了。', 'en')).toBe('fr');
});
