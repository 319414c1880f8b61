import type { JSONSchema7, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Locale } from '../../../contract/common.ts';
import type { DraftField, KnownFields } from '../../../contract/drafting.ts';
import { estimateTokens } from '../../models/remote/estimate-tokens.ts';
import { shapeOf, type FieldShape } from './draft-text.ts';

/** Tokens of one answer at most: what a field needs, so that a small model cannot ramble for minutes. */
export const FIELD_TOKENS: Readonly<Record<DraftField, number>> = {
  name: 32,
  description: 340,
  tagline: 60,
  personality: 90,
  scenario: 140,
  greeting: 220,
  alternateGreeting: 220,
  exampleDialogue: 420,
  tags: 70,
};
/** Tokens of one known text that a model reads again at most. */
const KNOWN_TOKENS = 500;
/** What a chat template puts around a message, and what stays free, in tokens. */
const TEMPLATE_TOKENS = 8;
const SPARE_TOKENS = 64;
const GREETINGS_SHOWN = 3;

interface DraftWords {
  frame: string;
  idea: (idea: string) => string;
  noIdea: string;
  /** Stands for a name that is not there yet. */
  nobody: string;
  ask: Record<DraftField, string>;
  again: (now: string, wish: string) => string;
}

const words: Record<Locale, DraftWords> = {
  en: {
    frame:
      'You help a writer invent a character for interactive stories. The writer gives an idea; you fill in the character sheet, one field at a time. Each answer is a JSON object with the one field asked for and nothing else. Stay true to the idea and to the fields written before, invent vivid details, and do not repeat earlier sentences. Write in English.',
    idea: (idea) => `The idea: ${idea}`,
    noIdea: 'The idea is in the fields below.',
    nobody: 'the character',
    ask: {
      name: 'Write the field “name”: a full name that fits the idea, one to three words.',
      description:
        'Write the field “description”: four or five sentences, in the third person: who the character is, how they look, what lies behind them, how they talk, what they want.',
      tagline: 'Write the field “tagline”: who {char} is in at most ten words, without the name.',
      personality:
        'Write the field “personality”: five or six single words that say how {char} is, separated by commas.',
      scenario:
        'Write the field “scenario”: one or two sentences about where the character is now and how they come to meet the person who talks with them.',
      greeting:
        'Write the fields “action” and “speech”: a visitor comes to {char}. “action” is one sentence in the third person about what {char} is doing and how {char} looks up; “speech” is the first thing {char} says to the visitor, two sentences, in the voice of {char}.',
      alternateGreeting:
        'Write “action” and “speech” once more for another first meeting, at another place or in another mood than those before.',
      exampleDialogue:
        'Write the field “exchanges”: three short exchanges. In each, “user” is a question of a visitor about the life of {char}, and “char” is the answer of {char} in the first person, in the voice of {char}, about that life. {char} is no assistant and offers no help.',
      tags: 'Write the field “tags”: three to five tags of one or two words each: genre, setting, mood.',
    },
    again: (now, wish) => `It reads now: ${now}\nWrite it again, and do this: ${wish}`,
  },
  'zh-CN': {
    frame:
      '你在帮一位作者为互动故事创作角色。作者给出一个想法，你来填写角色卡，每次只填一项。每次的回答都是只包含这一项的 JSON 对象，没有别的内容。忠于想法和前面写好的各项，想出生动的细节，不要重复前面的句子。用简体中文写。',
    idea: (idea) => `想法：${idea}`,
    noIdea: '想法就在下面各项里。',
    nobody: '角色',
    ask: {
      name: '写“name”这一项：角色的名字，两到四个字，要符合这个想法。',
      description:
        '写“description”这一项：用第三人称写四到五句话，写清角色是谁、长什么样、有什么过去、怎么说话、想要什么。',
      tagline: '写“tagline”这一项：用不超过十五个字说出{char}是谁，不要写名字。',
      personality: '写“personality”这一项：五到六个说明{char}性格的词，用顿号隔开。',
      scenario: '写“scenario”这一项：一两句话，写角色现在在哪里，怎么会遇到和他说话的人。',
      greeting:
        '写“action”和“speech”两项：有人来找{char}。“action”用第三人称写一句话：{char}正在做什么、怎样抬起头来；“speech”是{char}对来人说的头两句话，用{char}的口气。',
      alternateGreeting: '再写一次“action”和“speech”，写另一次初见：换一个地方，或换一种心情。',
      exampleDialogue:
        '写“exchanges”这一项：三段简短的对话。每段里“user”是来人问{char}生活的一个问题，“char”是{char}用第一人称、用自己的口气作的回答，说的就是这种生活。{char}不是助手，不说要帮忙的话。',
      tags: '写“tags”这一项：三到五个标签，每个两到四个字：类型、背景、气氛。',
    },
    again: (now, wish) => `现在写的是：${now}\n重新写一遍，要求：${wish}`,
  },
};

/** The key of the answer's JSON. */
function keyOf(field: DraftField): string {
  return field === 'exampleDialogue' ? 'exchanges' : field;
}

/** What an answer must look like; engines make a grammar of it. */
export function fieldSchema(field: DraftField): JSONSchema7 {
  const shape = shapeOf(field);
  const properties = shape === 'scene' ? { action: TEXT, speech: TEXT } : { [keyOf(field)]: VALUES[shape] };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const TEXT: JSONSchema7 = { type: 'string' };
const EXCHANGE: JSONSchema7 = {
  type: 'object',
  properties: { user: TEXT, char: TEXT },
  required: ['user', 'char'],
  additionalProperties: false,
};

const VALUES: Record<Exclude<FieldShape, 'scene'>, JSONSchema7> = {
  text: TEXT,
  list: { type: 'array', items: TEXT, minItems: 3, maxItems: 5 },
  dialogue: { type: 'array', items: EXCHANGE, minItems: 3, maxItems: 3 },
};

export interface DraftPromptOptions {
  idea: string;
  locale: Locale;
  known: KnownFields;
  /** What was written in this draft, in order, by the model's own words. */
  written: readonly { field: DraftField; answer: string }[];
  field: DraftField;
  wish: string;
  contextLength: number;
}

/** The order in which a model reads what is known; a person's idea of somebody grows in the same way. */
const ORDER: readonly DraftField[] = [
  'name',
  'description',
  'tagline',
  'personality',
  'scenario',
  'greeting',
  'exampleDialogue',
  'tags',
];

interface Answered {
  field: DraftField;
  answer: string;
}

/** What a model can do without first when its context is small. */
const DROP_ORDER: readonly DraftField[] = [
  'tags',
  'exampleDialogue',
  'alternateGreeting',
  'tagline',
  'greeting',
  'personality',
  'scenario',
  'description',
];

/**
 * A talk in which the model has answered every field so far and is asked for the next: each question only appends to
 * the one before, so that an engine reads nothing twice, and the answers show a small model what is wanted.
 */
export function draftPrompt(options: DraftPromptOptions): LanguageModelV4Prompt {
  const { locale, idea, known, written, field, wish, contextLength } = options;
  const say = words[locale];
  const clip = (text: string) => clipToTokens(text, Math.min(KNOWN_TOKENS, Math.floor(contextLength / 12)));
  const name = clip(known.name.trim()) || say.nobody;
  const ask = (one: DraftField) => say.ask[one].replaceAll('{char}', () => name);
  const opening = idea.trim() === '' ? say.noIdea : say.idea(clip(idea.trim()));
  const now = clip(knownText(known, field));
  const asked = ask(field);
  const last = wish.trim() === '' || now === '' ? withWish(asked, wish) : `${asked}\n${say.again(now, wish.trim())}`;
  const fixed = [say.frame, opening, last];
  const room =
    contextLength -
    FIELD_TOKENS[field] -
    SPARE_TOKENS -
    sumOf(fixed.map((text) => estimateTokens(text) + TEMPLATE_TOKENS));
  const answered = [...knownTurns({ known, written, field, clip }), ...written];
  const kept = fitting(answered, { room, costOf: (one) => costOf(ask(one.field), one.answer) });
  const chat: LanguageModelV4Prompt = [{ role: 'system', content: say.frame }];
  const question = (text: string) => (chat.length === 1 ? `${opening}\n\n${text}` : text);
  for (const turn of kept) {
    chat.push({ role: 'user', content: [{ type: 'text', text: question(ask(turn.field)) }] });
    chat.push({ role: 'assistant', content: [{ type: 'text', text: turn.answer }] });
  }
  chat.push({ role: 'user', content: [{ type: 'text', text: question(last) }] });
  return chat;
}

/** What a person wrote, as if the model had answered it. */
function knownTurns({
  known,
  written,
  field,
  clip,
}: Pick<DraftPromptOptions, 'known' | 'written' | 'field'> & { clip: (text: string) => string }): Answered[] {
  const done = new Set(written.map((one) => one.field));
  const turns = ORDER.filter((one) => one !== field && !done.has(one)).flatMap((one) => {
    const text = knownText(known, one);
    return text === '' ? [] : [{ field: one, answer: answerOf(one, clip(text)) }];
  });
  if (field !== 'alternateGreeting') return turns;
  const others = known.alternateGreetings.filter((text) => text.trim() !== '').slice(-GREETINGS_SHOWN);
  return [
    ...turns,
    ...others.map((text) => ({
      field: 'alternateGreeting' as const,
      answer: answerOf('alternateGreeting', clip(text)),
    })),
  ];
}

/** The answers that fit, in their order; the least needed leave first. */
function fitting(
  turns: readonly Answered[],
  { room, costOf: cost }: { room: number; costOf: (turn: Answered) => number },
): Answered[] {
  let kept = [...turns];
  for (const dropped of DROP_ORDER) {
    if (sumOf(kept.map(cost)) <= room) break;
    kept = kept.filter(({ field }) => field !== dropped);
  }
  return kept;
}

function costOf(question: string, answer: string): number {
  return estimateTokens(question) + estimateTokens(answer) + 2 * TEMPLATE_TOKENS;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** A known text in the form in which the model would have answered it. */
function answerOf(field: DraftField, text: string): string {
  if (shapeOf(field) !== 'scene') return JSON.stringify({ [keyOf(field)]: text });
  const [whole, action] = /^\s*\*([^*]+)\*\s*/.exec(text) ?? ['', ''];
  return JSON.stringify({ action, speech: text.slice(whole.length) });
}

function withWish(question: string, wish: string): string {
  return wish.trim() === '' ? question : `${question}\n${wish.trim()}`;
}

function knownText(known: KnownFields, field: DraftField): string {
  if (field === 'tags') return known.tags.join(', ');
  return field === 'alternateGreeting' ? '' : known[field].trim();
}

/** The beginning of a text, in steps of a word's length. */
function clipToTokens(text: string, most: number): string {
  if (estimateTokens(text) <= most) return text;
  let length = Math.min(text.length, most * 4);
  while (length > 0 && estimateTokens(text.slice(0, length)) > most) length -= 8;
  return `${text.slice(0, Math.max(length, 0)).toWellFormed().trimEnd()}…`;
}
