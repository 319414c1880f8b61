import { describe, expect, test } from 'vitest';
import { isBackChannel } from './back-channel.ts';

describe('isBackChannel', () => {
  test.each([
    'Uh-huh.',
    'uh huh',
    'Mm-hmm',
    'mhm',
    'Mm.',
    'Hmm...',
    'Yeah.',
    'Yeah, yeah.',
    'yeah yeah yeah',
    'Right.',
    'Right, okay.',
    'Okay',
    'OK.',
    'I see.',
    'Oh, I see.',
    'Got it',
    'Sure',
    'Of course',
    'Exactly!',
    'That’s right.',
    "That's true",
    'Thank you.',
    'Thanks!',
    'Thank you very much',
    'Wow',
    'Oh wow, really?',
    'Great',
    'Haha',
    'Hahaha',
    'Makes sense',
    'Go on.',
    'All right.',
    'Mmmm',
    'Oooh',
    'Ah, okay, right',
    'No way!',
    'Interesting',
  ])('English: %s', (text) => {
    expect(isBackChannel(text, 'en')).toBe(true);
  });

  test.each([
    '嗯。',
    '嗯嗯',
    '嗯嗯嗯。',
    '哦',
    '噢，这样啊',
    '对',
    '对对对',
    '对，没错。',
    '是啊',
    '是的是的',
    '好的',
    '好的好的。',
    '好，明白了',
    '谢谢',
    '原来如此',
    '哈哈哈哈',
    '真的吗？',
    '知道了',
    'OK',
    '嗯，好的，谢谢',
    '有道理',
    '然后呢',
    '對',
    '謝謝',
    '恩恩',
  ])('Chinese: %s', (text) => {
    expect(isBackChannel(text, 'zh')).toBe(true);
  });

  test.each([
    'No.',
    'no no',
    'Stop.',
    'Stop it',
    'Wait',
    'Wait, wait.',
    'Hold on.',
    'Okay, stop.',
    'Yeah, but why?',
    'Oh no',
    'What?',
    'Right, and then what happened',
    'Thank you, goodbye',
    'I see a dog',
    'Hello',
    'Sorry',
    'Yeah yeah yeah yeah',
    'Not really',
    'okay let us talk about something else',
    '',
    '...',
    '!!!',
    'Sure you can',
    'Great Britain',
    'I know that already',
    'Actually',
  ])('not: %j', (text) => {
    expect(isBackChannel(text, 'en')).toBe(false);
  });

  test.each([
    '等一下',
    '等等',
    '停',
    '停一下',
    '不对',
    '不是',
    '不',
    '不是的',
    '别说了',
    '对了，我想问你',
    '好了好了别说了',
    '什么？',
    '为什么',
    '喂',
    '嗯，我觉得不太好',
    '是不是',
    '好不好',
    '对不起',
    '好难',
    '可以不可以',
    '谢谢，再见',
    '我知道你的意思，但是',
    '行不行',
    '真的不行',
  ])('不是：%s', (text) => {
    expect(isBackChannel(text, 'zh')).toBe(false);
  });

  test('other languages have their own, and know the common ones', () => {
    expect(isBackChannel('Ja, genau.', 'de')).toBe(true);
    expect(isBackChannel('Ja, genau.', 'en')).toBe(false);
    expect(isBackChannel('なるほど', 'ja')).toBe(true);
    expect(isBackChannel('そうですね。', 'ja-JP')).toBe(true);
    expect(isBackChannel('okay', 'pl')).toBe(true);
    expect(isBackChannel('네, 맞아요', 'ko')).toBe(true);
    expect(isBackChannel('Sí, claro', 'es')).toBe(true);
  });

  test('long texts are no back-channels and cost nothing', () => {
    expect(isBackChannel('yeah '.repeat(100_000), 'en')).toBe(false);
  });
});
