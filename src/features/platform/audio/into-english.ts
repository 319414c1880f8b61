import type { Actor } from '../../../accounts/actor.ts';
import { UnavailableError } from '../../../base/errors.ts';
import type { Generations } from '../generations.ts';
import type { PlatformModels } from '../platform-models.ts';
import type { IntoEnglish } from './transcriptions.ts';

/** Tokens of the longest piece of speech, with room. */
const MOST_TOKENS = 600;

/** Translates by the house's first language model that the caller may use. */
export class ModelIntoEnglish implements IntoEnglish {
  readonly #models: PlatformModels;
  readonly #generations: Generations;

  constructor({ models, generations }: { models: PlatformModels; generations: Generations }) {
    this.#models = models;
    this.#generations = generations;
  }

  async translate(
    texts: readonly string[],
    { actor, from, requestId, signal }: { actor: Actor; from: string | null; requestId: string; signal: AbortSignal },
  ): Promise<string[]> {
    const [model] = await this.#models.list(actor);
    if (!model) {
      throw new UnavailableError('There is no language model here that could translate into English.', {
        code: 'no-model',
        retryable: false,
      });
    }
    const translated: string[] = [];
    for (const text of texts) {
      const { parts } = await this.#generations.start({
        actor,
        model: model.name,
        requestId,
        signal,
        call: {
          prompt: [
            { role: 'system', content: instructions(from) },
            { role: 'user', content: [{ type: 'text', text }] },
          ],
          temperature: 0,
          maxOutputTokens: MOST_TOKENS,
        },
      });
      let answer = '';
      for await (const part of parts) if (part.type === 'text-delta') answer += part.delta;
      translated.push(answer.trim());
    }
    return translated;
  }
}

function instructions(from: string | null): string {
  const language = from === null ? '' : ` from ${new Intl.DisplayNames(['en'], { type: 'language' }).of(from) ?? from}`;
  return `Translate what the person said${language} into English. Answer with the translation alone.`;
}
