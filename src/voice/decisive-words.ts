/** Words that begin or make an interruption, whatever comes after them. */
const DECISIVE = new Set(
  (
    'no nope not never stop wait hold hang pause quiet enough listen hey hello sorry excuse pardon but actually however ' +
    'what who whom whose when where why how which can could would should do does did is are was were have has ' +
    'let lets please tell say speak repeat slower louder again help question'
  ).split(' '),
);
const DECISIVE_CHINESE =
  /停|等|别|不|慢|打住|打断|够了|喂|你好|什么|为什么|怎么|谁|哪|几|多少|吗|请|可以|能不能|但是|可是|其实|对不起|不好意思|我想|我要|我有|我问|问题|再说|再讲|重复|大声|帮/u;
/** So many words say something even where none of them is decisive… */
const WORDS_ENOUGH = 3;
const HAN_ENOUGH = 5;
/** …unless nobody speaks so fast: then a recogniser heard words in a hum. Per second of voice. */
const MOST_WORDS_PER_SECOND = 5.5;
const MOST_HAN_PER_SECOND = 9;

/**
 * Whether words heard over a reply are clearly meant for the speaker. One or two others may be a hum that a recogniser
 * took for words (`mm-hmm` is heard as “In a mum”), so their speaker is given a moment longer.
 */
export function isDecisive(text: string, voicedInMs: number): boolean {
  const isEnough = (count: number, least: number, perSecond: number) =>
    count >= least && count <= (voicedInMs / 1000) * perSecond;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (han > 0) return DECISIVE_CHINESE.test(text) || isEnough(han, HAN_ENOUGH, MOST_HAN_PER_SECOND);
  const words = text
    .toLowerCase()
    .replaceAll(/['’]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return words.some((word) => DECISIVE.has(word)) || isEnough(words.length, WORDS_ENOUGH, MOST_WORDS_PER_SECOND);
}

const COMMANDS = /^(?:no|stop|wait|hold on|hey|listen|sorry|excuse me)(?![\p{L}\p{N}])|^(?:停|等|别|不|喂|够了)/iu;

/** Whether words begin with what one says to stop a speaker; nothing that an echo is taken for begins so. */
export function isCommand(text: string): boolean {
  return COMMANDS.test(text.trim());
}
