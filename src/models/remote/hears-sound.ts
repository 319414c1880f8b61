/** Families whose names say that they hear recordings in a prompt, wherever they run. */
const HEARING =
  /gpt-4o-(?:mini-)?audio|gpt-audio|gemini|[-_.]omni\b|voxtral|qwen[\d.]*-?audio|ultravox|phi-?4-multimodal|gemma-?3n|minicpm-o/i;

/**
 * Whether a provider's model hears recordings. Providers do not say so in their lists; their models' names do. An unknown
 * name counts as deaf: the house's ears hear for it, and a transcript costs little.
 */
export function hearsSound(model: string): boolean {
  return HEARING.test(model);
}
