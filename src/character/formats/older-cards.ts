import { isRecord } from './card-file.ts';

export interface OlderCard {
  spec: string;
  data: Record<string, unknown>;
}

type Value = Record<string, unknown>;
/** Their key → ours. */
type Mapping = Readonly<Record<string, string>>;

const PYGMALION: Mapping = {
  char_name: 'name',
  char_persona: 'description',
  world_scenario: 'scenario',
  char_greeting: 'first_mes',
  example_dialogue: 'mes_example',
};
const TEXT_GENERATION: Mapping = {
  name: 'name',
  context: 'description',
  greeting: 'first_mes',
  example_dialogue: 'mes_example',
};
const AGNAI: Mapping = {
  name: 'name',
  scenario: 'scenario',
  greeting: 'first_mes',
  sampleChat: 'mes_example',
  alternateGreetings: 'alternate_greetings',
  systemPrompt: 'system_prompt',
  postHistoryInstructions: 'post_history_instructions',
  description: 'creator_notes',
  creator: 'creator',
  characterVersion: 'character_version',
  tags: 'tags',
};

/** Pygmalion's JSON (`char_name`, `char_persona` …), as text-generation-webui wrote it at first, too. */
export function readPygmalion(value: Value): OlderCard | null {
  if (typeof value['char_name'] !== 'string' || Object.hasOwn(value, 'first_mes')) return null;
  return { spec: 'Pygmalion', data: mapped(value, { mapping: PYGMALION, namespace: 'pygmalion' }) };
}

/** text-generation-webui's YAML or JSON: `name`, `context`, `greeting`. */
export function readTextGeneration(value: Value): OlderCard | null {
  if (typeof value['name'] !== 'string' || Object.hasOwn(value, 'first_mes')) return null;
  if (typeof value['context'] !== 'string' && typeof value['greeting'] !== 'string') return null;
  const data = mapped(value, { mapping: TEXT_GENERATION, namespace: 'text-generation-webui' });
  return { spec: 'text-generation-webui', data };
}

/** Agnai's character export; its persona is one text or a list of traits. */
export function readAgnai(value: Value): OlderCard | null {
  const { persona, ...others } = value;
  if (typeof value['name'] !== 'string' || !isRecord(persona) || Object.hasOwn(value, 'first_mes')) return null;
  if (!Object.hasOwn(value, 'sampleChat') && !Object.hasOwn(value, 'greeting')) return null;
  const data = mapped(others, { mapping: AGNAI, namespace: 'agnai' });
  const extensions = isRecord(data['extensions']) ? data['extensions'] : {};
  const kept = isRecord(extensions['agnai']) ? extensions['agnai'] : {};
  return {
    spec: 'Agnai',
    data: { ...data, description: personaText(persona), extensions: { ...extensions, agnai: { ...kept, persona } } },
  };
}

function personaText(persona: Value): string {
  if (!isRecord(persona['attributes'])) return '';
  const words = (list: unknown) => (Array.isArray(list) ? list : [list]).filter((word) => typeof word === 'string');
  const lines = Object.entries(persona['attributes']).map(([trait, list]) =>
    trait === 'text' ? words(list).join('\n') : `${trait}: ${words(list).join(', ')}`,
  );
  return lines.filter((line) => line !== '').join('\n');
}

/** Fields with a place in ours go there, all others into a namespace of `extensions`. */
function mapped(value: Value, { mapping, namespace }: { mapping: Mapping; namespace: string }): Value {
  const data: Value = { name: '', description: '', personality: '', scenario: '', first_mes: '', mes_example: '' };
  const rest: Value = {};
  for (const [key, item] of Object.entries(value)) {
    const target = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
    if (target !== undefined && item !== null) data[target] = item;
    else rest[key] = item;
  }
  return Object.keys(rest).length === 0 ? data : { ...data, extensions: { [namespace]: rest } };
}
