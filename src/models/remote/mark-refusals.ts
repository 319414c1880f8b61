import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { z } from 'zod';

const chunkSchema = z.looseObject({
  choices: z.tuple([z.looseObject({ delta: z.looseObject({ refusal: z.string().min(1) }) })]),
});

/**
 * The ecosystem's clients hand out a refusal as words like any others; only the provider's own chunk, which comes before
 * them where a call asks for `includeRawChunks`, says which they are. This marks them and keeps the chunks back.
 */
export function createRefusalMarker(): (part: LanguageModelV4StreamPart) => LanguageModelV4StreamPart | null {
  let refuses = false;
  return (part) => {
    if (part.type === 'raw') {
      refuses = chunkSchema.safeParse(part.rawValue).success;
      return null;
    }
    if (part.type !== 'text-delta' || !refuses) return part;
    return { ...part, providerMetadata: { ...part.providerMetadata, everwith: { refusal: true } } };
  };
}
