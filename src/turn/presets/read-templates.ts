import { instructTemplateSchema, type InstructTemplate, type PresetBody } from '../../../contract/prompts.ts';
import { asText, isObject, type JsonObject } from '../../conversation/exchange/safe-json.ts';
import { builtInPresets } from './built-in-presets.ts';
import { leftOf, nudgeIn, numberIn, samplingIn, textIn, toBody } from './preset-values.ts';
import type { PresetWarnings } from './preset-warnings.ts';
import { readStoryString } from './read-story-string.ts';

/** Sequences of an instruct template may be this long, in UTF-16 units. */
const MAX_SEQUENCE = 20_000;

/**
 * SillyTavern's instruct template. Older files say names with two flags, end turns with `separator_sequence` and
 * put `system_sequence_prefix` and `_suffix` around the story.
 */
export function readInstruct(file: JsonObject): InstructTemplate {
  const held = Object.fromEntries(
    Object.entries(file).map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, MAX_SEQUENCE) : value]),
  );
  const { shape } = instructTemplateSchema;
  // A value of the wrong kind counts as absent.
  const texts: JsonObject = Object.fromEntries(
    Object.entries(held).filter(
      ([key, value]) => !Object.hasOwn(shape, key) || shape[key as keyof typeof shape].safeParse(value).success,
    ),
  );
  const endOf = (key: string) => asText(texts[key]) || asText(texts['separator_sequence']);
  return instructTemplateSchema.parse({
    ...texts,
    name: asText(texts['name']),
    input_suffix: endOf('input_suffix'),
    output_suffix: endOf('output_suffix'),
    story_string_prefix: asText(texts['story_string_prefix'] ?? texts['system_sequence_prefix']),
    story_string_suffix: asText(texts['story_string_suffix'] ?? texts['system_sequence_suffix']),
    names_behavior: namesOf(texts),
  });
}

function namesOf(file: JsonObject): InstructTemplate['names_behavior'] {
  const { names_behavior: behavior } = file;
  if (behavior === 'none' || behavior === 'force' || behavior === 'always') return behavior;
  if (file['names'] === true) return 'always';
  return file['names_force_groups'] === false ? 'none' : 'force';
}

function withInstruct(body: PresetBody, file: JsonObject): PresetBody {
  const instruct = readInstruct(file);
  return { ...body, instruct, names: instruct.names_behavior === 'always' ? 'content' : body.names };
}

/** Only how a text-completion model is spoken to; the rest is the house's. */
export function instructBody(file: JsonObject): PresetBody {
  return withInstruct(builtInPresets.stable.body, file);
}

/** The places its story string gives the fields, each with the words around it. */
export function contextBody(file: JsonObject, warnings: PresetWarnings): PresetBody {
  const story = asText(file['story_string']);
  return toBody({
    ...builtInPresets.classic.body,
    segments: readStoryString(story, warnings),
    newChat: nudgeIn(file['chat_start']),
    newExampleChat: nudgeIn(file['example_separator']),
    context: { ...file, name: asText(file['name']), story_string: story, ...separators(file) },
  });
}

function separators(file: JsonObject): JsonObject {
  return { example_separator: asText(file['example_separator']), chat_start: asText(file['chat_start']) };
}

/** What a system prompt's file says instead of the house. */
export function withSystemPrompt(body: PresetBody, file: JsonObject, warnings: PresetWarnings): PresetBody {
  const main = textIn(file['content'], 'content', warnings);
  const last = textIn(file['post_history'], 'post_history', warnings);
  return {
    ...body,
    segments: body.segments.map((segment) => {
      if (segment.slot === 'house' && main?.trim()) return { ...segment, text: main };
      return segment.slot === 'post-history' && last?.trim() ? { ...segment, text: last } : segment;
    }),
  };
}

const SAMPLERS = {
  temperature: 'temp',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  repeatPenalty: 'rep_pen',
  repeatLastTokens: 'rep_pen_range',
  frequencyPenalty: 'freq_pen',
  presencePenalty: 'presence_pen',
  seed: 'seed',
} as const;
/** Samplers the house does not have, with the value at which each is off. */
const UNKNOWN_SAMPLERS: Readonly<Record<string, number>> = {
  top_a: 0,
  typical_p: 1,
  tfs: 1,
  epsilon_cutoff: 0,
  eta_cutoff: 0,
  mirostat_mode: 0,
  smoothing_factor: 0,
  xtc_probability: 0,
  guidance_scale: 1,
  penalty_alpha: 0,
  nsigma: 0,
};

/** SillyTavern's text-completion and KoboldAI samplers. */
export function withSamplers(body: PresetBody, file: JsonObject, warnings: PresetWarnings): PresetBody {
  for (const [key, off] of Object.entries(UNKNOWN_SAMPLERS)) {
    if (typeof file[key] === 'number' && file[key] !== off) warnings.add('unused-sampler', key);
  }
  const sampling = samplingIn(file, SAMPLERS, warnings);
  const multiplier = numberIn(file['dry_multiplier'], { key: 'dry_multiplier', min: 0, max: 100 }, warnings);
  if (multiplier !== undefined && multiplier > 0) {
    const base = numberIn(file['dry_base'], { key: 'dry_base', min: 1, max: 100 }, warnings);
    const length = { key: 'dry_allowed_length', min: 1, max: 1000, whole: true };
    sampling.dry = {
      multiplier,
      base: base ?? 1.75,
      allowedLength: numberIn(file['dry_allowed_length'], length, warnings) ?? 2,
    };
  }
  return {
    ...body,
    sampling: { ...body.sampling, ...sampling },
    foreign: { ...body.foreign, ...leftOf(file, Object.values(SAMPLERS)) },
  };
}

/** SillyTavern's export of all text-completion formatting at once; each part may be absent. */
export function masterBody(file: JsonObject, warnings: PresetWarnings): PresetBody {
  let body: PresetBody = isObject(file['context'])
    ? contextBody(file['context'], warnings)
    : builtInPresets.stable.body;
  if (isObject(file['instruct'])) body = withInstruct(body, file['instruct']);
  if (isObject(file['sysprompt'])) body = withSystemPrompt(body, file['sysprompt'], warnings);
  if (isObject(file['preset'])) body = withSamplers(body, file['preset'], warnings);
  return { ...body, foreign: { ...body.foreign, ...leftOf(file, ['context', 'instruct', 'sysprompt', 'preset']) } };
}
