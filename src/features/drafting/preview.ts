import { personally } from '../../models/billing/payers.ts';
import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { z } from 'zod';
import type { PreviewPart, previewSchema } from '../../../contract/drafting.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { MacroContext } from '../../lore/macros/macro-context.ts';
import { renderMacros } from '../../lore/macros/render-macros.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import { parseExampleBlocks } from '../../turn/example-dialogue.ts';
import { housePrompt } from '../../turn/house-prompt.ts';
import { OwnNameFilter } from '../../turn/own-name-filter.ts';
import { seededRandom } from '../../turn/seeded-random.ts';
import { endOf, speak, type ModelSource } from './model-voice.ts';

/** Tokens of an answer at most: a preview shows the voice, and the next sentence is a click away. */
const ANSWER_TOKENS = 400;
/** What a chat template puts around a message, and what stays free, in tokens. */
const TEMPLATE_TOKENS = 8;
const SPARE_TOKENS = 64;

export type PreviewRequest = z.output<typeof previewSchema>;
type Role = 'user' | 'assistant' | 'system';

/** Lets somebody talk with a character that is not saved. Nothing of it is stored, in the engine's files neither. */
export class PreviewTalk {
  readonly #models: ModelSource;
  readonly #people: { nameOf(userId: string): Promise<string> };
  readonly #clock: Clock;

  constructor({
    models,
    people,
    clock,
  }: {
    models: ModelSource;
    people: { nameOf(userId: string): Promise<string> };
    clock: Clock;
  }) {
    this.#models = models;
    this.#people = people;
    this.#clock = clock;
  }

  /** Never throws: the last part says how it ended. */
  async *reply(actor: Actor, request: PreviewRequest, signal: AbortSignal): AsyncGenerator<PreviewPart> {
    try {
      const offered = await this.#models.resolve(null, signal);
      const model = offered.billed({ account: { payer: personally(actor.userId), purpose: 'drafting' } });
      yield { type: 'preview-start', model: { label: model.label, fallback: model.fallback } };
      const { defaultUser } = housePrompt(request.locale);
      const names = {
        char: request.fields.nickname.trim() || request.fields.name.trim() || defaultUser,
        user: (await this.#people.nameOf(actor.userId)) || defaultUser,
      };
      const filter = new OwnNameFilter([names.char]);
      const voice = speak({
        model,
        call: {
          prompt: await previewPrompt({ request, names, now: this.#clock.now(), model, signal }),
          stopSequences: [`\n${names.user}:`, `\n${names.user}\uff1a`],
        },
        maxOutputTokens: Math.min(ANSWER_TOKENS, Math.floor(model.contextLength / 4)),
        engine: { affinity: `preview:${actor.userId}`, stableMessages: 1, sampling: model.sampling, keepState: false },
        signal,
      });
      for await (const delta of voice) {
        const text = filter.push(delta);
        if (text !== '') yield { type: 'preview-delta', text };
      }
      const rest = filter.end();
      if (rest !== '') yield { type: 'preview-delta', text: rest };
      yield { type: 'preview-end', state: 'done', failure: null };
    } catch (error) {
      yield { type: 'preview-end', ...endOf(error, signal) };
    }
  }
}

/** The house's frame, the character as edited, and as much of the talk's end as fits. */
export async function previewPrompt({
  request: { fields, messages, locale },
  names,
  now,
  model,
  signal,
}: {
  request: PreviewRequest;
  names: { char: string; user: string };
  /** Epoch milliseconds. */
  now: number;
  model: ModelHandle;
  signal: AbortSignal;
}): Promise<LanguageModelV4Prompt> {
  const house = housePrompt(locale);
  const expand = macrosOf({ fields, names, locale, now });
  const under = (heading: string, text: string) => (text.trim() === '' ? '' : `${heading}\n${text.trim()}`);
  const system = [
    fields.systemPrompt.trim() === ''
      ? house.frame
      : fields.systemPrompt.replaceAll(/\{\{original\}\}/gi, () => house.frame),
    under(house.character, fields.description),
    under(house.personality, fields.personality),
    under(house.scenario, fields.scenario),
  ];
  const chat: LanguageModelV4Message[] = [
    { role: 'system', content: expand(system.filter((text) => text !== '').join('\n\n')) },
  ];
  for (const { role, text } of parseExampleBlocks(fields.exampleDialogue).flat()) add(chat, role, expand(text));
  add(chat, 'user', house.opening);
  const depth = fields.depthPrompt?.text.trim() === '' ? null : fields.depthPrompt;
  const after = fields.postHistoryInstructions.replaceAll(/\{\{original\}\}/gi, '').trim();
  const fixed = [...chat.map(textOf), depth?.text ?? '', after];
  const said = messages
    .map(({ author, text }) => ({
      role: author === 'user' ? ('user' as const) : ('assistant' as const),
      text: expand(text),
    }))
    .filter(({ text }) => text.trim() !== '');
  const kept = await fitting({ fixed, said, model, signal, name: names.char });
  const at = depth ? Math.max(0, kept.length - depth.depth) : -1;
  for (const [index, { role, text }] of kept.entries()) {
    if (index === at && depth) add(chat, depth.role, expand(depth.text));
    add(chat, role, text);
  }
  if (depth && at === kept.length) add(chat, depth.role, expand(depth.text));
  if (after !== '') add(chat, 'system', expand(after));
  return chat;
}

/** Dice fall the same way each time, so that what was said does not change under the talk. */
function macrosOf({
  fields,
  names,
  locale,
  now,
}: Pick<PreviewRequest, 'fields' | 'locale'> & { names: { char: string; user: string }; now: number }) {
  const context: MacroContext = {
    mode: 'st',
    names,
    card: { ...fields, depthPrompt: fields.depthPrompt?.text ?? '' },
    now,
    locale,
    seed: 'preview',
    random: seededRandom('preview'),
    variables: { local: new Map(), global: new Map() },
  };
  return (text: string) => renderMacros(text, context);
}

/** The newest messages that fit beside what is always sent. */
async function fitting<T extends { text: string }>({
  fixed,
  said,
  model,
  signal,
  name,
}: {
  fixed: readonly string[];
  said: readonly T[];
  model: ModelHandle;
  signal: AbortSignal;
  name: string;
}): Promise<T[]> {
  const { counts } = await model.countTokens([...fixed, ...said.map(({ text }) => text)], signal);
  const cost = (index: number) => (counts[index] ?? 0) + TEMPLATE_TOKENS;
  const answer = Math.min(ANSWER_TOKENS, Math.floor(model.contextLength / 4));
  let room = model.contextLength - answer - SPARE_TOKENS;
  for (const index of fixed.keys()) room -= cost(index);
  const kept: T[] = [];
  for (const [index, message] of [...said.entries()].toReversed()) {
    room -= cost(fixed.length + index);
    if (room < 0) break;
    kept.unshift(message);
  }
  if (kept.length === 0) {
    throw new InvalidInputError(
      `${name} is longer than ${model.label} can see (${model.contextLength} tokens): shorten the character, or choose a model with a longer memory.`,
      { code: 'context-too-small' },
    );
  }
  return kept;
}

/** Two in a row from one side become one message: strict templates refuse them otherwise. */
function add(chat: LanguageModelV4Message[], role: Role, text: string): void {
  const last = chat.at(-1);
  if (role === 'system') {
    chat.push({ role, content: text });
    return;
  }
  const part = last?.role === role ? last.content.at(-1) : undefined;
  if (part?.type === 'text') part.text = `${part.text}\n\n${text}`;
  else chat.push({ role, content: [{ type: 'text', text }] });
}

function textOf(message: LanguageModelV4Message): string {
  if (message.role === 'system') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
