/** What Whisper makes of silence and noise: the ends of the subtitles it was trained on, without marks and spaces. */
const phrases = new Set([
  'you',
  'thankyou',
  'thanks',
  'thanksforwatching',
  'thankyouforwatching',
  'thankyouverymuch',
  'pleasesubscribe',
  'byebye',
  'bye',
  'subtitlesbytheamaraorgcommunity',
  '谢谢',
  '謝謝',
  '谢谢观看',
  '謝謝觀看',
  '谢谢大家',
  '謝謝大家',
  '字幕',
  '请订阅',
  '中文字幕志愿者李宗盛',
  '中文字幕志願者李宗盛',
  '字幕byamaraorg',
]);
/** Longer ones come in many forms. */
const beginnings = [
  '字幕由',
  '字幕志愿者',
  '字幕志願者',
  '请不吝点赞',
  '請不吝點贊',
  '以下是普通话的句子',
  'subtitlesby',
];

/** Whether a whole transcript is one of the phrases that are often heard where nobody speaks. */
export function isPhantomPhrase(text: string): boolean {
  const plain = text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return phrases.has(plain) || beginnings.some((beginning) => plain.startsWith(beginning));
}
