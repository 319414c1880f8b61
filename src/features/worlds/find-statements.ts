import { isClaim, isCommand } from '../../memory/facts/distil/hostile-words.ts';
import { languageOf } from '../../memory/facts/language-of.ts';
import { namesInText } from '../../world/names-in-text.ts';

/** Something said openly, as it is looked through for what became true. */
export interface WorldTurn {
  id: string;
  speaker: string;
  text: string;
}

/** What may have become true of a world; the quote stands verbatim in its turn. */
export interface FoundStatement {
  turnId: string;
  statement: string;
  quote: string;
  speaker: string;
}

/** Longest text that is read of one message, in UTF-16 units. */
const READ_LENGTH = 8000;
/** Statements of one message; who says more describes, and the world's owner writes that by hand. */
const MOST_OF_A_TURN = 3;
const LENGTHS = { spaced: { least: 14, most: 280 }, unspaced: { least: 6, most: 120 } } as const;

const ENDS =
  /(?<=[。！？…!?][”’」』"')）*]*)(?![。！？…!?”’」』"')）*])|(?<=\.["”’)*]*)(?=\s+["“‘(*]?[\p{Lu}\p{N}])|\n+/u;
const EDGES = /^[\s*_`#>"“”‘’「」『』()（）-]+|[\s*_`#>"“”‘’「」『』()（）-]+$/gu;

/** Somebody in the talk, or the person it is said to: what they say of themselves is a matter of memory, not of the world. */
const SPEAKING = /\b(?:i|i['’]\w+|me|my|mine|we|we['’]\w+|us|our|ours|you|you['’]\w+|your|yours)\b|[我咱你您]/iu;
const QUESTION = /[?？]|[吗呢么][。.]?$/u;
/** What might be, is wished, told by hearsay, or compared. */
const UNSURE =
  /\b(?:if|unless|would|could|might|may|maybe|perhaps|seems?|seemed|looks? like|as if|as though|almost|probably|wish(?:es|ed)?|hopes?|hoped|wants?|wanted|will|shall|going to|let['’]?s|please|says?|said|asks?|asked|thinks?|thought|imagin\w*|dream\w*|pretend\w*)\b|如果|要是|假如|也许|可能|大概|或许|好像|似乎|仿佛|希望|想要|打算|将要|会不会|说道|问道|觉得|以为|据说|听说|梦见/iu;
/** What lasts, or has changed for good. */
const LASTING_ENGLISH =
  /\b(?:(?:is|are|was|were|has been|have been|had been) (?:now |still |once )?(?:the|a|an|dead|gone|closed|open|empty|built|burned|burnt|buried|destroyed|rebuilt|flooded|ruined|named|called|ruled|owned|guarded|haunted|cursed|forbidden|married|crowned|elected|sealed|locked|broken|lost|found(?:ed)?|hidden|home|made|founded|abandoned|married|engaged)|becomes?|became|has become|burn(?:s|ed|t) down|collapsed|died|drowned|sank|flooded|opened|closed|reopened|married|owns|owned|lives?|lived|moved|rules|ruled|belongs|stands|lies|leads|holds|keeps|guards|stole|broke|ended|won|lost|crowned|elected|founded|founds|rebuilt|built|destroyed|discovered|reigns|serves|runs|worships)\b/iu;
const LASTING_CHINESE =
  /(?:是|住在|住进|成为|成了|变成|建成|建了|烧毁|烧了|塌了|倒塌|死了|去世|结婚|嫁给|娶了|关门|关闭|开张|开了|搬到|搬进|属于|位于|统治|沉没|沉了|淹没|淹了|毁了|摧毁|重建|发现了|偷走|坏了|结束了|当上|当了|任命|叫做|名叫|守着|通向|埋着|藏着|失踪|归.{1,8}所有)/u;
/** A gesture or a moment: what somebody does as they stand there. */
const FLEETING =
  /\b(?:is|are|was|were)\s+(?:\w+ly\s+)?\w+ing\b|\b(?:smil\w*|nod(?:s|ded)?|sigh\w*|laugh\w*|grin\w*|shrug\w*|look(?:s|ed)|glanc\w*|star(?:es|ed)|whisper\w*|lean(?:s|ed)?|blush\w*|walk(?:s|ed)|sit(?:s)?|sat)\b|(?:微笑|笑着|笑了|点头|叹气|叹了|看着|望着|盯着|低头|抬头|站起|坐下|走过|正在)/iu;

/** The words of a text a sentence at a time, each as it stands there. */
export function verbatimSentences(text: string): string[] {
  return text
    .slice(0, READ_LENGTH)
    .toWellFormed()
    .split(ENDS)
    .map((sentence) => sentence.replace(EDGES, ''))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** True for a sentence that can be read alone as true: no question, nobody's own words, nothing that only might be. */
export function isPlainStatement(sentence: string): boolean {
  const { least, most } = /\s/.test(sentence) && languageOf(sentence) !== 'zh' ? LENGTHS.spaced : LENGTHS.unspaced;
  if (sentence.length < least || sentence.length > most) return false;
  return !QUESTION.test(sentence) && !SPEAKING.test(sentence) && !UNSURE.test(sentence) && !isClaim(sentence);
}

/**
 * What rules alone take for true of a world: plain statements that name a known place or somebody who is known there,
 * and tell what lasts or has changed for good. They only quote.
 */
export function findStatements(turns: readonly WorldTurn[], names: readonly string[]): FoundStatement[] {
  return turns.flatMap(({ id, speaker, text }) => {
    if (isCommand(text)) return [];
    return verbatimSentences(text)
      .filter((sentence) => isPlainStatement(sentence) && namesInText(sentence, names).length > 0)
      .filter((sentence) => !FLEETING.test(sentence) && tellsWhatLasts(sentence))
      .slice(0, MOST_OF_A_TURN)
      .map((sentence) => ({ turnId: id, statement: sentence, quote: sentence, speaker }));
  });
}

function tellsWhatLasts(sentence: string): boolean {
  return LASTING_ENGLISH.test(sentence) || LASTING_CHINESE.test(sentence);
}
