/** Said while listening: `uh-huh`. Not a wish to speak. Folded as by `fold`. */
const BACK_CHANNELS: Readonly<Record<string, string>> = {
  en: `uh huh|mm hmm|mhm|mm hm|m hm|mm|mmm|hm|hmm|hmmm|huh|ah|aah|oh|ooh|aha|ahh|ohh|uh|um|er|erm|eh|yeah|yea|yes|yep|yup|ya|yah|
    right|all right|alright|ok|okay|okey|k|i see|i know|i understand|i get it|i got it|got it|gotcha|sure|of course|certainly|
    exactly|precisely|absolutely|definitely|totally|indeed|true|thats true|so true|thats right|youre right|that is true|
    that is right|you are right|makes sense|that makes sense|fair enough|good point|really|oh really|is that so|is that right|
    wow|whoa|nice|cool|great|good|very good|lovely|sweet|awesome|amazing|wonderful|interesting|how interesting|
    thats interesting|thats nice|thats great|thats good|thats cool|thats funny|so funny|funny|haha|ha|hah|hehe|ha ha|ha ha ha|
    thank you|thanks|thank you so much|thank you very much|thanks a lot|go on|please go on|keep going|continue|please continue|
    carry on|tell me more|no doubt|no kidding|no way|i agree|agreed|me too|same here|my goodness|oh my|oh my goodness|oh my god|
    oh dear|bless you|for sure|you bet|perfect|fine|of course yes|oh i see|oh yes|oh yeah|oh okay|yes please|hear hear|aw|aww`,
  zh: `嗯|恩|唔|哦|噢|喔|啊|呀|哇|哎|诶|欸|唉|呵|哈|嘿|嗯哼|对|对的|对啊|对呀|对吧|就是|就是的|就是啊|就是说|是|是的|是啊|是呀|是吗|是么|是哦|
    是这样|是这样啊|是这样吗|这样|这样啊|这样子|这样子啊|原来如此|原来是这样|原来这样|真的|真的吗|真的啊|真的呀|真好|真棒|太好了|太棒了|太有意思了|
    好|好的|好吧|好啊|好呀|好嘞|好哒|行|行啊|行吧|可以|可以啊|没错|没问题|当然|当然了|确实|确实是|的确|也是|也对|有道理|有意思|不错|不错啊|厉害|
    明白|明白了|我明白|我明白了|知道|知道了|我知道|我知道了|了解|了解了|懂|懂了|我懂|我懂了|听懂了|理解|我理解|谢谢|谢谢你|谢谢您|多谢|感谢|
    继续|你继续|继续说|你继续说|接着说|你说|你讲|然后呢|我在听|我听着呢|嗯呢|同意|我同意|我也是|我也觉得|我也这么觉得|可不是|可不|天哪|天啊|我的天`,
  es: `si|aja|claro|vale|ya|ya veo|entiendo|exacto|gracias|muy bien|bien|bueno|de acuerdo|que bien|que interesante|sigue|continua`,
  fr: `oui|ouais|daccord|ok|ah|ah bon|je vois|exact|exactement|cest vrai|merci|bien sur|tres bien|bien|super|continue`,
  de: `ja|jaja|genau|aha|ach so|achso|stimmt|klar|verstehe|ich verstehe|richtig|gut|danke|ok|okay|schon|interessant|weiter|mach weiter`,
  ja: `はい|うん|ええ|そう|そうですね|そうですか|そうなんだ|そっか|なるほど|へえ|ほんと|本当|ありがとう|わかりました|わかった`,
  ko: `네|예|응|어|그래|그래요|그렇군요|맞아|맞아요|아|아하|정말|진짜|알겠어요|알았어|고마워|감사합니다`,
};

/** More than this many in a row is somebody who begins to speak. */
const MOST_IN_A_ROW = 3;
/** Recognisers write one drawn-out sound as many. */
const DRAWN_OUT = /^(?:嗯+|恩+|唔+|啊+|哦+|哈+|呵+|对+|是+|好+|[mh]+|(?:ha)+h?|(?:he)+|o+h+|a+h+)$/u;
const LONGEST_TEXT = 60;
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const TRADITIONAL: Readonly<Record<string, string>> = {
  對: '对',
  樣: '样',
  來: '来',
  這: '这',
  謝: '谢',
  嗎: '吗',
  厲: '厉',
  沒: '没',
  錯: '错',
  問: '问',
  題: '题',
  當: '当',
  確: '确',
  實: '实',
  瞭: '了',
  繼: '继',
  續: '续',
  說: '说',
  聽: '听',
  講: '讲',
  誒: '诶',
  會: '会',
  覺: '觉',
  後: '后',
  個: '个',
};

/**
 * Whether words said while somebody else speaks only say "I am listening" (`uh-huh`, `right, I see`, 嗯, 对对对), so that
 * the speaker should go on. Up to three of them in a row; anything else among them is an interruption.
 * `language`: ISO 639-1 of the call; English and Chinese ones count in every call.
 */
export function isBackChannel(text: string, language: string): boolean {
  if (text.length > LONGEST_TEXT) return false;
  const folded = fold(text);
  if (folded === '') return false;
  const known = phrasesOf(language);
  let rest = folded;
  let count = 0;
  while (rest !== '') {
    const length = longestPhrase(rest, known);
    if (length === 0 || count === MOST_IN_A_ROW) return false;
    rest = rest.slice(length).trimStart();
    count += 1;
  }
  return true;
}

function phrasesOf(language: string): ReadonlySet<string> {
  const base = language.toLowerCase().split(/[-_]/u)[0] ?? '';
  const lists = [...new Set([base, 'zh', 'en'])].map((key) => BACK_CHANNELS[key] ?? '');
  return new Set(lists.flatMap((list) => list.split('|').map((phrase) => fold(phrase))));
}

/** Characters of the longest known phrase at the beginning; 0 where there is none. */
function longestPhrase(text: string, known: ReadonlySet<string>): number {
  for (let length = text.length; length > 0; length -= 1) {
    const whole = length === text.length || text[length] === ' ' || SPACELESS.test(text[length - 1] ?? '');
    const phrase = text.slice(0, length);
    if (whole && (known.has(phrase) || DRAWN_OUT.test(phrase))) return length;
  }
  return 0;
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\p{Script=Han}/gu, (character) => TRADITIONAL[character] ?? character)
    .replace(/(?<=[\p{Script=Han}]) (?=[\p{Script=Han}])/gu, '')
    .trim();
}
