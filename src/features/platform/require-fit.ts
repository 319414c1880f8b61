import type { LanguageModelV4CallOptions, LanguageModelV4FilePart } from '@ai-sdk/provider';
import { InvalidInputError } from '../../base/errors.ts';
import type { EngineOptions, ModelFacts } from '../../models/spec/model-handle.ts';

/** Throws `InvalidInputError` naming the field where the model cannot take what the call holds. */
export function requireFit(model: ModelFacts, call: Omit<LanguageModelV4CallOptions, 'abortSignal'>): void {
  for (const [index, { role, content }] of call.prompt.entries()) {
    if (role !== 'user') continue;
    for (const [at, part] of content.entries()) {
      if (part.type === 'file') requireReadable(model, part, `messages.${index}.content.${at}`);
    }
  }
  if ((call.tools?.length ?? 0) > 0 && !model.tools) {
    throw new InvalidInputError(`The model “${model.label}” cannot call tools: choose another one.`, {
      code: 'unsupported',
      field: 'tools',
    });
  }
  const { topLogprobs } = (call.providerOptions?.['everwith'] ?? {}) as EngineOptions;
  if (topLogprobs !== undefined && model.logprobs !== true) {
    throw new InvalidInputError(`The model “${model.label}” does not tell the probabilities of its tokens.`, {
      code: 'unsupported',
      field: 'logprobs',
    });
  }
}

function requireReadable(model: ModelFacts, { mediaType, data }: LanguageModelV4FilePart, field: string): void {
  const isPicture = mediaType.startsWith('image/');
  if (isPicture && model.seesPictures !== true) {
    throw new InvalidInputError(`The model “${model.label}” does not look at pictures: choose one that does.`, {
      code: 'unsupported',
      field,
    });
  }
  // A provider fetches addresses and reads files itself, and says what it cannot.
  if (model.place === 'provider') return;
  if (!isPicture) {
    throw new InvalidInputError(`The model “${model.label}” reads no files of the type ${mediaType}: send text.`, {
      code: 'unsupported',
      field,
    });
  }
  if (data.type !== 'url') return;
  throw new InvalidInputError('This house fetches no addresses: send the picture as a data: URL in base64.', {
    code: 'unsupported',
    field,
  });
}
