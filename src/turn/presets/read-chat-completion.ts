import { cleanText } from '../../../contract/common.ts';
import type { PresetBody, PresetSegment, PromptRole } from '../../../contract/prompts.ts';
import { asArray, asObject, asText, isObject, type JsonObject } from '../../conversation/exchange/safe-json.ts';
import { leftOf, nudgeIn, numberIn, samplingIn, textIn, toBody } from './preset-values.ts';
import type { PresetWarnings } from './preset-warnings.ts';
import { DEFAULT_ORDER, isMarker, PROMPT_NAMES, slotOf } from './prompt-identifiers.ts';

/** SillyTavern's stand-in characters: the order of all characters, and the older one. */
const ORDER_IDS = [100_001, 100_000];
/** As many as a preset may have. */
export const MAX_SEGMENTS = 500;

export const SAMPLING_NAMES = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  repeatPenalty: 'repetition_penalty',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  seed: 'seed',
} as const;

/** The order in use among those of the file. */
function chosenOrder(file: JsonObject): JsonObject | null {
  const orders = asArray(file['prompt_order']).filter(isObject);
  const filled = orders.filter((entry) =>
    asArray(entry['order']).some((listed) => asText(asObject(listed)['identifier']) !== ''),
  );
  const known = ORDER_IDS.map((id) => filled.find((entry) => Number(entry['character_id']) === id));
  return known.find((entry) => entry !== undefined) ?? filled[0] ?? null;
}

/** SillyTavern's chat-completion preset (its prompt manager's JSON), as of its 1.12 to 1.19. */
export function readChatCompletion(file: JsonObject, warnings: PresetWarnings): PresetBody {
  const wiFormat = asText(file['wi_format']);
  if (wiFormat !== '' && wiFormat !== '{0}') warnings.add('unused-format', 'wi_format');
  const { openai_max_context: context, openai_max_tokens: tokens } = file;
  const segments = readSegments(file, warnings);
  const read = {
    order: 'classic',
    segments,
    contextLength: numberIn(context, { key: 'openai_max_context', min: 1, max: 10_000_000, whole: true }, warnings),
    maxOutputTokens: numberIn(tokens, { key: 'openai_max_tokens', min: 1, max: 100_000, whole: true }, warnings),
    sampling: samplingIn(file, SAMPLING_NAMES, warnings),
    names: file['names_behavior'] === 2 ? 'content' : 'none',
    continueNudge: nudgeIn(file['continue_nudge_prompt']),
    newChat: nudgeIn(file['new_chat_prompt']),
    newExampleChat: nudgeIn(file['new_example_chat_prompt']),
  };
  return toBody({ ...read, foreign: foreignOf(file, read) });
}

/** What the house did not take over; the orders stay, the one in use without its list. */
function foreignOf(
  file: JsonObject,
  read: Pick<PresetBody, 'continueNudge' | 'newChat' | 'newExampleChat' | 'sampling' | 'segments'> & {
    contextLength: number | undefined;
    maxOutputTokens: number | undefined;
  },
): JsonObject {
  const formatted = (slot: PresetSegment['slot']) => read.segments.find((segment) => segment.slot === slot)?.text;
  const taken: [string, unknown][] = [
    ['openai_max_context', read.contextLength],
    ['openai_max_tokens', read.maxOutputTokens],
    ['continue_nudge_prompt', read.continueNudge],
    ['new_chat_prompt', read.newChat],
    ['new_example_chat_prompt', read.newExampleChat],
    ['personality_format', formatted('personality')],
    ['scenario_format', formatted('scenario')],
    ...Object.entries(SAMPLING_NAMES).map(([name, key]): [string, unknown] => [
      key,
      read.sampling[name as keyof typeof SAMPLING_NAMES],
    ]),
  ];
  const keys = taken.filter(([, value]) => value !== undefined && value !== null).map(([key]) => key);
  const foreign = leftOf(file, ['prompts', ...keys]);
  const chosen = chosenOrder(file);
  if (chosen) {
    foreign['prompt_order'] = asArray(file['prompt_order']).map((entry) =>
      entry === chosen ? { ...chosen, order: null } : entry,
    );
  }
  return foreign;
}

function readSegments(file: JsonObject, warnings: PresetWarnings): PresetSegment[] {
  const prompts = promptsOf(file, warnings);
  const chosen = chosenOrder(file);
  const order = chosen ? asArray(chosen['order']) : DEFAULT_ORDER;
  const segments = new Map<string, PresetSegment>();
  for (const entry of order.map(asObject)) {
    const identifier = asText(entry['identifier']);
    if (identifier === '' || segments.has(identifier)) continue;
    const prompt = prompts.get(identifier) ?? {};
    segments.set(identifier, toSegment({ identifier, prompt, entry, file }, warnings));
  }
  // What the order does not list is there to be switched on.
  for (const [identifier, prompt] of prompts) {
    if (!segments.has(identifier)) {
      segments.set(identifier, toSegment({ identifier, prompt, entry: null, file }, warnings));
    }
  }
  if (segments.size > MAX_SEGMENTS) warnings.add('prompt-too-long', 'prompts');
  return [...segments.values()].slice(0, MAX_SEGMENTS);
}

/** Presets from before SillyTavern's prompt manager have three texts of their own. */
function promptsOf(file: JsonObject, warnings: PresetWarnings): Map<string, JsonObject> {
  const prompts = new Map<string, JsonObject>();
  for (const prompt of asArray(file['prompts']).filter(isObject)) {
    const identifier = asText(prompt['identifier']);
    if (identifier === '') continue;
    if (prompts.has(identifier)) warnings.add('duplicate-prompt', identifier);
    else prompts.set(identifier, prompt);
  }
  for (const [identifier, key] of [
    ['main', 'main_prompt'],
    ['nsfw', 'nsfw_prompt'],
    ['jailbreak', 'jailbreak_prompt'],
  ] as const) {
    if (!prompts.has(identifier) && typeof file[key] === 'string') prompts.set(identifier, { content: file[key] });
  }
  return prompts;
}

function toSegment(
  {
    identifier,
    prompt,
    entry,
    file,
  }: { identifier: string; prompt: JsonObject; entry: JsonObject | null; file: JsonObject },
  warnings: PresetWarnings,
): PresetSegment {
  const slot = slotOf(identifier);
  const name = cleanText(asText(prompt['name'])).slice(0, 1000) || (PROMPT_NAMES[identifier] ?? identifier);
  const isAtDepth = Number(prompt['injection_position']) === 1;
  if (asArray(prompt['injection_trigger']).length > 0) warnings.add('unused-trigger', name);
  const depth = numberIn(prompt['injection_depth'], { key: name, min: 0, max: 10_000, whole: true }, warnings);
  const isEnabled = entry === null ? false : entry['enabled'] !== false;
  return {
    id: identifier.slice(0, 200),
    slot,
    name,
    enabled: isEnabled,
    role: roleOf(prompt['role']),
    text: isMarker(slot) ? formatOf(slot, file, warnings) : (textIn(prompt['content'], name, warnings) ?? ''),
    depth: isAtDepth ? (depth ?? 4) : null,
    order: numberIn(prompt['injection_order'], { key: name, min: -1e9, max: 1e9 }, warnings) ?? 100,
    forbidOverrides: prompt['forbid_overrides'] === true,
    foreign: {
      ...leftOf(prompt, ['identifier', 'name', ...(isMarker(slot) ? [] : ['role', 'content'])]),
      ...(entry === null ? { everwithUnlisted: true } : {}),
      ...(entry && Object.keys(entry).length > 2 ? { everwithOrder: leftOf(entry, ['identifier', 'enabled']) } : {}),
    },
  };
}

const FORMATS = {
  personality: ['personality_format', '{{personality}}'],
  scenario: ['scenario_format', '{{scenario}}'],
} as const;

/** How a preset words a card's field; null where it adds nothing to it. */
function formatOf(slot: PresetSegment['slot'], file: JsonObject, warnings: PresetWarnings): string | null {
  if (slot !== 'personality' && slot !== 'scenario') return null;
  const [key, plain] = FORMATS[slot];
  const format = textIn(file[key], key, warnings) ?? '';
  return format.trim() === '' || format.trim() === plain ? null : format;
}

function roleOf(role: unknown): PromptRole {
  return role === 'user' || role === 'assistant' ? role : 'system';
}
