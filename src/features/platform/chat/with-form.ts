import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { UnavailableError } from '../../../base/errors.ts';
import type { Generation } from '../generations.ts';

/** An answer that must have a form is an error where it has not. One that was cut off by its limit says so itself. */
export async function* withForm(
  generation: Pick<Generation, 'parts'> | Promise<Pick<Generation, 'parts'>>,
  isRight: ((text: string) => boolean) | null,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const { parts } = await generation;
  let text = '';
  let calls = 0;
  for await (const part of parts) {
    if (part.type === 'text-delta' && isRight) text += part.delta;
    if (part.type === 'tool-call') calls += 1;
    const isWhole = part.type === 'finish' && part.finishReason.unified === 'stop' && calls === 0;
    if (isWhole && isRight?.(text) === false) {
      throw new UnavailableError('The model did not keep to the form that was asked for. Try again.', {
        code: 'answer-off-schema',
      });
    }
    yield part;
  }
}
