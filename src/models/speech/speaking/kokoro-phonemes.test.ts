import { pinyin } from 'pinyin-pro';
import { phonemize } from 'phonemizer';
import { describe, expect, test } from 'vitest';
import { kokoroPhonemes, type PhonemeSource } from './kokoro-phonemes.ts';

const source: PhonemeSource = {
  english: phonemize,
  pinyin: (characters) => pinyin(characters, { toneType: 'num', toneSandhi: false, type: 'array' }),
};

function chinese(text: string): Promise<string> {
  return kokoroPhonemes(text, { language: 'zh', accent: 'a', source });
}

function english(text: string, accent: 'a' | 'b' = 'a'): Promise<string> {
  return kokoroPhonemes(text, { language: 'en', accent, source });
}

describe('Chinese', () => {
  test.each([
    ['今天晚上', 'ʨi→ntʰjɛ→n wa↓nʂa↘ŋ'],
    ['今天晚上，你好！', 'ʨi→ntʰjɛ→n wa↓nʂa↘ŋ, ni↓xau↓!'],
    ['我们走吧。好不好？', 'wo↓mən ʦou↓ pa. xau↓pu↘xau↓?'],
    ['我去银行，他们很行。', 'wo↓ʨʰy↘ i↗nxa↗ŋ, tʰa→mən xə↓n ɕi↗ŋ.'],
    ['《红楼梦》好看', '“xʊ↗ŋlou↗mə↘ŋ” xau↓kʰa↘n'],
    ['他说：“走吧。”', 'tʰa→ ʂwo→: “ʦou↓ pa. ”'],
    ['三2一', 'sa→n ɚ↘i→'],
    ['嗯……好的', 'ŋ↘……xau↓tɤ'],
  ])('%s', async (text, phonemes) => {
    expect(await chinese(text)).toBe(phonemes);
  });

  test('a character without a reading is passed over', async () => {
    expect(await chinese('好𠮷好')).toMatch(/^xau↓.* ?xau↓$/u);
  });
});

describe('English', () => {
  test.each([
    ['Hello, world!', 'həlˈoʊ, wˈɜːld!'],
    ['Is it three? No; four.', 'ɪz ɪt θɹˈiː? nˈoʊ; fˈoːɹ.'],
    ["Don't (really) wait…", 'dˈoʊnt (ɹˈiəli) wˈeɪt…'],
    ['Well — yes', 'wˈɛl — jˈɛs'],
    ['loch', 'lˈɑːk'],
  ])('%s', async (text, phonemes) => {
    expect(await english(text)).toBe(phonemes);
  });

  test('a British voice reads as the British do', async () => {
    expect(await english('four cars', 'b')).not.toBe(await english('four cars'));
  });
});

describe('both in one clause', () => {
  test('each is read by its script, with a space between', async () => {
    expect(await chinese('我的iPhone坏了，OK吗？')).toBe('wo↓tɤ ˈaɪ fˈoʊn xwai↘ lɤ, ˌoʊkˈeɪ ma?');
    expect(await english('She said 你好 and left.')).toBe('ʃiː sˈɛd ni↓xau↓ ænd lˈɛft.');
  });

  test('wide letters and digits are read like narrow ones', async () => {
    expect(await english('Ｈｅｌｌｏ，ｗｏｒｌｄ！')).toBe(await english('Hello, world!'));
  });

  test('emoji and signs are passed on for the vocabulary to drop, and nothing throws', async () => {
    expect(await chinese('😀好')).toBe('😀xau↓');
    expect(await chinese('')).toBe('');
    expect(await english(' \n ')).toBe('');
  });
});
