import type { ProviderKind } from '../../../contract/models.ts';
import type { PictureSize } from '../spec/model-handle.ts';

/**
 * Tokens that a picture costs, by the rule of a kind of provider; width and height in pixels. Rules as published in 2025:
 *
 * - OpenAI (platform.openai.com/docs/guides/images-vision, “Calculating costs”): made to fit 2048 × 2048, then its
 *   shorter side to 768; 85 tokens and 170 for each tile of 512 × 512.
 * - Anthropic (docs.claude.com/en/docs/build-with-claude/vision): made to fit 1568 on its longer side; width × height /
 *   750, about 1,600 at most.
 * - Google (ai.google.dev/gemini-api/docs/image-understanding): 258 where neither side is longer than 384, else 258 for
 *   each tile of 768 × 768.
 * - Others, mostly Qwen-VL behind vLLM or Ollama (github.com/QwenLM/Qwen2.5-VL): one for each 28 × 28 patch, and two marks.
 */
export function pictureTokens(kind: ProviderKind, size: PictureSize): number {
  switch (kind) {
    case 'openai':
      return openAiTokens(size);
    case 'anthropic': {
      const { width, height } = fit(size, 1568);
      return Math.min(1600, Math.ceil((width * height) / 750));
    }
    case 'google':
      return Math.max(size.width, size.height) <= 384 ? 258 : 258 * tiles(size, 768);
    case 'deepseek':
    case 'minimax':
    case 'ollama':
    case 'openai-compatible':
      return tiles(size, 28) + 2;
    default:
      return kind satisfies never;
  }
}

function openAiTokens(size: PictureSize): number {
  const inside = fit(size, 2048);
  const shorter = Math.min(inside.width, inside.height);
  const scale = Math.min(1, 768 / shorter);
  return 85 + 170 * tiles({ width: inside.width * scale, height: inside.height * scale }, 512);
}

/** Made smaller where its longer side is longer. */
function fit({ width, height }: PictureSize, longest: number): PictureSize {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: width * scale, height: height * scale };
}

function tiles({ width, height }: PictureSize, side: number): number {
  return Math.ceil(width / side) * Math.ceil(height / side);
}
