import { cleanText } from '../../../contract/common.ts';
import { presetBodySchema, type PresetBody, type PresetKind, type PresetWarning } from '../../../contract/prompts.ts';
import { InvalidInputError, TooLargeError } from '../../base/errors.ts';
import { asText, isObject, parseSafeJson, type JsonObject } from '../../conversation/exchange/safe-json.ts';
import { builtInPresets } from './built-in-presets.ts';
import { PRESET_FORMAT } from './preset-file.ts';
import { PresetWarnings } from './preset-warnings.ts';
import { readChatCompletion } from './read-chat-completion.ts';
import { contextBody, instructBody, masterBody, withSamplers, withSystemPrompt } from './read-templates.ts';

/** Bytes of a file; the largest presets people share have about one million. */
export const MAX_PRESET_BYTES = 8 * 1024 * 1024;
const MAX_NAME = 200;

export interface ReadPreset {
  name: string;
  body: PresetBody;
  kind: PresetKind;
  warnings: PresetWarning[];
}

/** Reads a preset of SillyTavern's, of any of its kinds, or of ours. Throws `InvalidInputError` when it is none. */
export function readPreset(bytes: Uint8Array, fileName: string): ReadPreset {
  if (bytes.length > MAX_PRESET_BYTES) {
    throw new TooLargeError(`“${fileName}” is larger than ${MAX_PRESET_BYTES / 1024 / 1024} MB.`, { field: 'data' });
  }
  const file = parseSafeJson(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''));
  if (!isObject(file)) throw new InvalidInputError(`“${fileName}” is no JSON file of a preset.`, refusal);
  const kind = kindOf(file);
  if (kind === null) {
    throw new InvalidInputError(`“${fileName}” is JSON, but no preset this house knows.`, refusal);
  }
  const warnings = new PresetWarnings();
  const body = readBody(kind, { file, fileName, warnings });
  return { name: nameOf(file, fileName), body, kind, warnings: warnings.list };
}

const refusal = { code: 'not-a-preset', field: 'data' };

function kindOf(file: JsonObject): PresetKind | null {
  if (file['format'] === PRESET_FORMAT) return 'everwith';
  const has = (...keys: string[]) => keys.some((key) => file[key] !== undefined);
  if (Array.isArray(file['prompts']) || has('prompt_order', 'openai_max_context', 'main_prompt')) {
    return 'chat-completion';
  }
  if (has('input_sequence', 'output_sequence')) return 'instruct';
  if (has('story_string')) return 'context';
  if (['instruct', 'context', 'sysprompt', 'preset'].some((key) => isObject(file[key]))) return 'text-completion';
  if (has('temp') && has('top_p', 'rep_pen', 'min_p')) return 'sampler';
  if (has('temperature') && has('top_p', 'frequency_penalty')) return 'chat-completion';
  return typeof file['content'] === 'string' && has('name') ? 'system-prompt' : null;
}

function readBody(
  kind: PresetKind,
  { file, fileName, warnings }: { file: JsonObject; fileName: string; warnings: PresetWarnings },
): PresetBody {
  const { stable } = builtInPresets;
  const readers: Record<PresetKind, () => PresetBody> = {
    everwith: () => ownBody(file['body'], fileName),
    'chat-completion': () => readChatCompletion(file, warnings),
    instruct: () => instructBody(file),
    context: () => contextBody(file, warnings),
    'system-prompt': () => withSystemPrompt(stable.body, file, warnings),
    sampler: () => withSamplers(stable.body, file, warnings),
    'text-completion': () => masterBody(file, warnings),
  };
  return readers[kind]();
}

function ownBody(body: unknown, fileName: string): PresetBody {
  const parsed = presetBodySchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = ['body', ...(issue?.path ?? [])].join('.');
  throw new InvalidInputError(`“${fileName}” is damaged at ${path}: ${issue?.message ?? 'unknown'}.`, refusal);
}

/** The file's name says more than what many presets call themselves, which is nothing. */
function nameOf(file: JsonObject, fileName: string): string {
  const inner = [file, file['instruct'], file['context'], file['sysprompt']].filter(isObject);
  const said = inner.map((part) => cleanText(asText(part['name'])).trim()).find((name) => name !== '');
  const base = cleanText(fileName.replace(/^.*[/\\]/, '').replace(/\.(?:json|settings)$/i, '')).trim();
  return (said ?? base).slice(0, MAX_NAME) || 'Preset';
}
