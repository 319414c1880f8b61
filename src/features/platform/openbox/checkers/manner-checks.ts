import { z } from 'zod';
import { foldText } from '../fold-text.ts';
import { countOf } from './measure-checks.ts';

/** An answer that helps: none of the sentences with which models turn a request down. */
const noRefusalSchema = z.strictObject({ check: z.literal('no-refusal') });

/** Says that the answer is not known, not given or cannot be. */
const admitsUnknownSchema = z.strictObject({ check: z.literal('admits-unknown') });

/** Can be read aloud as it stands: no markup, digits, signs, addresses or pictures. */
const speakableSchema = z.strictObject({ check: z.literal('speakable') });

/** As long as a calm voice needs: 150 words of English or 240 characters of Chinese a minute. */
const spokenSecondsSchema = z.strictObject({
  check: z.literal('spoken-seconds'),
  min: z.number().nonnegative(),
  max: z.number().positive(),
});

export const mannerCheckSchemas = [noRefusalSchema, admitsUnknownSchema, speakableSchema, spokenSecondsSchema] as const;
export type MannerCheck = z.infer<(typeof mannerCheckSchemas)[number]>;

/** Of folded text. */
const REFUSALS = [
  /\bi(?:'m| am) (?:very |so |really )?sorry,? (?:but|i |as )/iu,
  /\b(?:sorry|unfortunately),? (?:but )?i (?:can'?t|cannot|am unable|'m unable|am not able|won't|do not|don't)/iu,
  /\bi (?:can'?t|cannot|am unable to|'m unable to|am not able to|won't|will not|must decline to) (?:\w+ ){0,2}(?:help|assist|provide|answer|discuss|support|fulfil|fulfill|comply|give|share|write|create|explain|engage)/iu,
  /\bas an ai\b[^.]{0,60}\b(?:can'?t|cannot|unable|not able|don't|do not)\b/iu,
  /(?:against|violates?) (?:my|the|our) (?:guidelines|policy|policies|programming)/iu,
  /(?:很|非常)?(?:抱歉|对不起)[,。]?\s*(?:但)?(?:我|您|你|作为|这|无法|不能)/u,
  /(?:我|本人)?(?:无法|不能|不可以|不便|拒绝)(?:为您|为你|给您|给你|向您|向你)?(?:提供|回答|协助|帮助|讨论|满足|完成|生成|执行|支持)/u,
  /作为(?:一个|一名)?(?:AI|人工智能|语言模型)[^。]{0,30}(?:不能|无法|不会|不便)/iu,
];

/** Of folded text. */
const UNKNOWNS = [
  /\b(?:not|never|isn't|aren't|wasn't|weren't|doesn't|does not|don't|didn't|did not) (?:\w+ ){0,2}(?:mentioned|mention|stated|state|specified|specify|given|give|provided|provide|included|include|listed|list|say|said|tell|disclosed|available|known|recorded|contain|indicate|indicated|define|defined)\b/iu,
  /\b(?:no (?:information|mention|way (?:to|of)|data|details?|indication|record|such)|nothing (?:in|about)|unknown|unclear|undetermined|undefined|unavailable)\b/iu,
  /\b(?:can'?t|cannot|can not|could not|couldn't|impossible to|not possible to|unable to|not able to) (?:be )?(?:\w+ )?(?:determined?|know|known|tell|told|say|answer|answered|inferred|infer|access|see|verify|provide|find|found|predict|check|look)/iu,
  /\bdo(?:es)?n(?:'t| ot) (?:\w+ )?(?:know|have|exist)|\bdo(?:es)? not (?:\w+ )?(?:know|have|exist)|\bnot (?:sure|certain|aware|possible)\b|\bthere (?:is|are|was|were) no\b/iu,
  /(?:没有|没|未|并未|未曾|尚未|无)(?:有)?(?:在[^,。]{0,8})?(?:提到|提及|提供|说明|说到|说|写明|写|给出|注明|记载|记录|交代|透露|列出|包含|公布|指出|标明|告诉|告知|相关|任何|足够|这)/u,
  /(?:无法|不能|没法|没办法|无从|难以)(?:从[^,。]{0,12})?(?:直接|准确)?(?:确定|得知|判断|知道|回答|推断|知晓|预测|查询|获取|访问|查看|提供|看到|得出|确认|告诉)/u,
  /(?:不清楚|不知道|不确定|不存在|未知|不详|不得而知|不可能|信息不足|没有(?:这|该)|并没有|查不到)/u,
];

export function missesOfManner(text: string, check: MannerCheck): string[] {
  switch (check.check) {
    case 'no-refusal': {
      if (text.trim() === '') return ['says nothing'];
      const found = REFUSALS.map((pattern) => pattern.exec(foldText(text))?.[0]).find((match) => match !== undefined);
      return found === undefined ? [] : [`turns the request down: “${found}”`];
    }
    case 'admits-unknown':
      return UNKNOWNS.some((pattern) => pattern.test(foldText(text))) ? [] : ['does not admit that it cannot be known'];
    case 'speakable':
      return missesOfSpeech(text);
    default: {
      const seconds = spokenSeconds(text);
      if (seconds < check.min) return [`would be spoken in ${Math.round(seconds)} s, too short`];
      return seconds > check.max ? [`would be spoken in ${Math.round(seconds)} s, too long`] : [];
    }
  }
}

const UNSPEAKABLE: readonly [string, RegExp][] = [
  ['markup', /[*_#`~|<>[\]{}\\]/u],
  ['a list', /^\s*(?:[-•·]|\d+[.)、])\s/mu],
  ['a digit', /\p{Nd}/u],
  ['an address', /https?:|www\.|\S@\S/iu],
  ['a sign', /[%$€£¥&+=/^°№℃→]/u],
  ['a picture', /\p{Extended_Pictographic}/u],
  ['an abbreviation', /\b(?:e\.g|i\.e|etc|approx|vs)\./iu],
];

function missesOfSpeech(text: string): string[] {
  if (text.trim() === '') return ['says nothing'];
  return UNSPEAKABLE.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`has ${what} nobody can say: “${found}”`];
  });
}

const WORDS_PER_SECOND = 2.5;
const HAN_PER_SECOND = 4;

function spokenSeconds(text: string): number {
  const han = countOf(text, 'han');
  const words = countOf(text.replaceAll(/\p{Script=Han}/gu, ' '), 'words');
  return han / HAN_PER_SECOND + words / WORDS_PER_SECOND;
}
