import type { ProviderKind } from '../../../contract/models.ts';

/** Families whose names say that they look at pictures, wherever they run. */
const SEEING =
  /gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-5|chatgpt-4o|^o[134](?:-|$)(?!mini)|o4-mini|claude|gemini|gemma-?3(?!n?[:-]?(?:270m|1b))|llava|bakllava|moondream|pixtral|mistral-(?:small-3|medium-3|large-3)|llama-?3\.2-?vision|llama-?4|vision|[-_:.]vl\b|-vl-|\bvl\d|qwen[\d.]*-?vl|internvl|minicpm-v|cogvlm|glm-[\d.]+v|phi-?(?:3\.5|4)-(?:vision|multimodal)|step-\d[a-z]*-?v|kimi-(?:vl|k2\.5)|doubao.*vision|ernie.*vl/i;
/** Of those families, models without eyes. */
const BLIND =
  /claude-(?:1|2|instant)|gpt-4o?-(?:audio|realtime|transcribe|mini-(?:audio|realtime|transcribe|tts))|o1-mini|o1-preview|o3-mini/i;

/**
 * Whether a provider's model looks at pictures. Providers do not say so in their lists; their models' names do. An
 * unknown name counts as blind: a picture that is refused costs the whole reply, a description costs little.
 */
export function seesPictures(kind: ProviderKind, model: string): boolean {
  // No model of theirs that answers in chat takes pictures.
  if (kind === 'deepseek') return false;
  return SEEING.test(model) && !BLIND.test(model);
}
