import { describe, expect, test } from 'vitest';
import { consentStatement, saysStatement } from './consent-statement.ts';

const at = new Date(2025, 10, 25, 12).getTime();
const english = consentStatement({ name: 'Ada Berg', providerName: 'MiniMax', locale: 'en', at });
const chinese = consentStatement({ name: '王小明', providerName: 'MiniMax', locale: 'zh-CN', at });

describe('the statement of consent', () => {
  test('names who, the day and the provider', () => {
    expect(english).toContain('My name is Ada Berg');
    expect(english).toContain('November 25, 2025');
    expect(english).toContain('MiniMax makes a copy');
    expect(chinese).toContain('我叫王小明');
    expect(chinese).toContain('2025年11月25日');
  });

  test.each<[string, boolean]>([
    [english, true],
    [english.toUpperCase().replace(/[.,]/gu, ''), true],
    [
      english
        .replace('Ada Berg', 'eight a bird')
        .replace('MiniMax', 'many max')
        .replace('November 25, 2025', 'november twenty fifth twenty twenty five'),
      true,
    ],
    [english.slice(0, english.length / 2), false],
    ['', false],
    ['My name is Ada Berg and I like apples.', false],
    [english.replace(/I agree that .* take it back/u, 'nobody may copy it'), false],
  ])('heard as %j: %j', (heard, expected) => {
    expect(saysStatement({ heard, statement: english, locale: 'en' })).toBe(expected);
  });

  test.each<[string, boolean]>([
    [chinese, true],
    [
      chinese
        .replace('2025年11月25日', '二零二五年十一月二十五日')
        .replace('MiniMax', '迷你麦克斯')
        .replace('声音', '生音'),
      true,
    ],
    [chinese.slice(0, 30), false],
    ['我叫王小明，今天天气很好。', false],
  ])('听成%j：%j', (heard, expected) => {
    expect(saysStatement({ heard, statement: chinese, locale: 'zh-CN' })).toBe(expected);
  });
});
