import type { PresetBody, PresetSegment } from '../../../contract/prompts.ts';
import { asArray, isObject, type JsonObject } from '../../conversation/exchange/safe-json.ts';
import { housePrompt } from '../house-prompt.ts';
import { identifierOf, isMarker, isShipped, PROMPT_NAMES } from './prompt-identifiers.ts';
import { SAMPLING_NAMES } from './read-chat-completion.ts';

/** SillyTavern's stand-in characters, under which its presets order prompts. */
const ORDER_IDS = [100_000, 100_001];

/**
 * SillyTavern's chat-completion preset. What came from such a file goes back with every key it had. The author's note,
 * templates of text-completion models and the house's own settings have no place there and stay behind.
 */
export function writePreset(body: PresetBody): JsonObject {
  const { foreign, sampling } = body;
  const named = body.segments
    .filter(({ slot }) => slot !== 'note')
    .map((segment) => ({ segment, identifier: identifierFor(segment, body.segments) }));
  const order = named
    .filter(({ segment }) => segment.enabled || segment.foreign['everwithUnlisted'] !== true)
    .map(({ segment, identifier }) => ({ identifier, enabled: segment.enabled, ...extra(segment) }));
  const file: JsonObject = { ...foreign, ...definedOnly(samplingKeys(sampling)), ...definedOnly(ownKeys(body)) };
  if ((file['names_behavior'] === 2) !== (body.names === 'content')) {
    file['names_behavior'] = body.names === 'content' ? 2 : 0;
  }
  file['prompts'] = named.map(({ segment, identifier }) => toPrompt(segment, identifier));
  file['prompt_order'] = orders(asArray(foreign['prompt_order']), order);
  return file;
}

function extra({ foreign }: PresetSegment): JsonObject {
  const { everwithOrder } = foreign;
  return isObject(everwithOrder) ? everwithOrder : {};
}

function samplingKeys(sampling: PresetBody['sampling']): [string, unknown][] {
  return Object.entries(SAMPLING_NAMES).map(([name, key]) => [key, sampling[name as keyof typeof SAMPLING_NAMES]]);
}

function ownKeys(body: PresetBody): [string, unknown][] {
  const worded = (slot: PresetSegment['slot']) => body.segments.find((segment) => segment.slot === slot)?.text;
  return [
    ['openai_max_context', body.contextLength],
    ['openai_max_tokens', body.maxOutputTokens],
    ['continue_nudge_prompt', body.continueNudge],
    ['new_chat_prompt', body.newChat],
    ['new_example_chat_prompt', body.newExampleChat],
    ['personality_format', worded('personality')],
    ['scenario_format', worded('scenario')],
  ];
}

function definedOnly(entries: readonly [string, unknown][]): JsonObject {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

/** Each order as it came, the one in use as it is now; both of SillyTavern's where none came. */
function orders(before: readonly unknown[], order: readonly JsonObject[]): unknown[] {
  const isInUse = (entry: unknown) => isObject(entry) && entry['order'] === null;
  if (!before.some(isInUse)) return ORDER_IDS.map((id) => ({ character_id: id, order }));
  return before.map((entry) => (isObject(entry) && isInUse(entry) ? { ...entry, order } : entry));
}

/** Only one prompt may have SillyTavern's identifier of a place. */
function identifierFor(segment: PresetSegment, all: readonly PresetSegment[]): string {
  const own = identifierOf(segment.slot);
  if (own === undefined || segment.id === own || all.some(({ id }) => id === own)) return segment.id;
  return all.find(({ slot }) => slot === segment.slot) === segment ? own : segment.id;
}

function toPrompt(segment: PresetSegment, identifier: string): JsonObject {
  const { everwithUnlisted: _unlisted, everwithOrder: _order, ...foreign } = segment.foreign;
  const isPlace = isMarker(segment.slot);
  const prompt: JsonObject = { identifier, name: segment.name || (PROMPT_NAMES[identifier] ?? identifier), ...foreign };
  prompt['system_prompt'] ??= isPlace || isShipped(identifier);
  if (isPlace) {
    prompt['marker'] ??= true;
    if (segment.role !== 'system') prompt['role'] = segment.role;
  } else {
    prompt['role'] = segment.role;
    prompt['content'] = segment.text ?? (segment.slot === 'house' ? housePrompt('en').frame : '');
  }
  if (segment.forbidOverrides || prompt['forbid_overrides'] === true) {
    prompt['forbid_overrides'] = segment.forbidOverrides;
  }
  if (segment.depth !== null) {
    prompt['injection_position'] = 1;
    prompt['injection_depth'] = segment.depth;
  } else if (Number(prompt['injection_position']) === 1) prompt['injection_position'] = 0;
  if (segment.order !== (prompt['injection_order'] ?? 100)) prompt['injection_order'] = segment.order;
  return prompt;
}
