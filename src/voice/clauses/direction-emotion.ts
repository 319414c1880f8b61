import type { Emotion } from '../../../contract/voice.ts';

/**
 * What a stage direction, a tag or an emoji asks of the voice. The first rule that matches wins: how loud comes before
 * how one feels, and a strong feeling before a mild one (`sighs softly` is sad, `smiles softly` is tender).
 */
const RULES: readonly { emotion: Emotion; english: RegExp; chinese: RegExp }[] = [
  {
    emotion: 'whisper',
    english:
      /\b(?:whisper|murmur|mutter|hushed|under (?:his|her|their|my|your) breath|lower(?:s|ing)? (?:his|her|their|my) voice|(?:very )?quietly)/iu,
    chinese: /轻声|低声|小声|悄声|耳语|悄悄|压低|耳边|呢喃|喃喃|低语/u,
  },
  {
    emotion: 'surprised',
    english:
      /\b(?:gasp|surpris|startl|shocked|astonish|amaze|stunned|wide-eyed|eyes (?:widen|go wide)|jaw drops|blinks?\b)/iu,
    chinese: /惊讶|吃惊|惊呼|愣|震惊|瞪大|睁大|惊喜|诧异|倒吸/u,
  },
  {
    emotion: 'angry',
    english:
      /\b(?:angr|anger|shout|yell|growl|snarl|scowl|glar(?:e|ing)|furious|rage|raging|snaps?\b|irritat|annoy|huff|scoff|hiss|slam)/iu,
    chinese: /生气|愤怒|怒|吼|大喊|咆哮|瞪|不满|气呼呼|恼|咬牙|哼|冷笑/u,
  },
  {
    emotion: 'fearful',
    english:
      /\b(?:afraid|fear|scared|trembl|shiver|shak(?:es|ing|ily)|nervous|panic|terrif|anxious|gulp|frighten|timid|stammer|stutter)/iu,
    chinese: /害怕|恐惧|颤抖|发抖|紧张|惊恐|慌|不安|结巴/u,
  },
  {
    emotion: 'sad',
    english:
      /\b(?:sigh|sob|cr(?:y|ies|ying)\b|weep|tears?\b|teary|sad|sorrow|mourn|melanchol|downcast|disappoint|grief|griev|gloom|lonely|snif|heartbrok)/iu,
    chinese: /叹|哭|哽咽|抽泣|流泪|泪|悲伤|难过|伤心|失落|沮丧|忧伤|低落|黯然|苦笑/u,
  },
  {
    emotion: 'tender',
    english:
      /\b(?:(?:smil\w*|grin\w*) (?:\w+ )?(?:soft|gent|tender|warm)|(?:soft|gentle|tender|warm|small) smile|gentl[ey]|tender|warmly|caress|hug|embrac|kiss|sooth|affection|loving|comfort|cuddl|strok(?:e|ing)|nuzzl|blush|kindly)/iu,
    chinese: /温柔|轻柔|柔声|温和|轻抚|抚摸|拥抱|抱住|吻|宠溺|安慰|脸红|害羞|关切/u,
  },
  {
    emotion: 'happy',
    english:
      /\b(?:laugh|chuckl|giggl|grin|smil|beam|cheer|joy|happ(?:y|il)|excite|delight|playful|teas(?:es|ing)|wink|snicker|smirk|amus|bright|enthusias|proud|bounc)/iu,
    chinese: /笑|开心|高兴|欢快|兴奋|愉快|得意|俏皮|调皮|眨眼|眨了眨|雀跃/u,
  },
  { emotion: 'tender', english: /\bsoft/iu, chinese: /轻轻|柔/u },
  {
    emotion: 'neutral',
    english: /\b(?:neutral|calm|normal voice|compos(?:es|ed|ing)|evenly|flatly|clears? (?:his|her|their|my) throat)/iu,
    chinese: /平静|平淡|恢复|清了清嗓/u,
  },
];

const NOT_SO =
  /(?:\b(?:not|never|no|without|stops?|stopped|doesn['’]t|isn['’]t)\s+(?:\w+\s+)?|(?:没有?|不|别|停止)[\p{Script=Han}]?)$/iu;

/** Null where the words say nothing about the voice. */
export function directionEmotion(words: string): Emotion | null {
  for (const rule of RULES) {
    for (const pattern of [rule.english, rule.chinese]) {
      const found = pattern.exec(words);
      if (found && !NOT_SO.test(words.slice(0, found.index))) return rule.emotion;
    }
  }
  return null;
}

const EMOJI: readonly { emotion: Emotion; signs: RegExp }[] = [
  { emotion: 'happy', signs: /[😀-😆😉😊😋😎😏😜😝😛😹😸🤣🙂🙃🤩🥳🎉]|:-?[)D]|;-?\)|\^_?\^/u },
  { emotion: 'sad', signs: /[😔😞😟😢😥😭🙁😿💔🥺😩😫]|:'?-?\(|T_T/u },
  { emotion: 'angry', signs: /[😠😡🤬👿😤]|>_</u },
  { emotion: 'fearful', signs: /[😨😰😱😖😧]/u },
  { emotion: 'surprised', signs: /[😮😯😲😳🤯]/u },
  { emotion: 'tender', signs: /[😍😘😚😙🥰😻🤗💕💖💗💓💞💘💝❤]|<3/u },
];

/** Of an emoji or an emoticon. */
export function emojiEmotion(sign: string): Emotion | null {
  return EMOJI.find((entry) => entry.signs.test(sign))?.emotion ?? null;
}
