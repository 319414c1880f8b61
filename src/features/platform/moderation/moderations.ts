import { z } from 'zod';
import type { Moderated } from '../../../../contract/openai/moderated.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { UnavailableError, isAbort } from '../../../base/errors.ts';
import type { ProviderMedia } from '../media/provider-media.ts';

/** As providers answer (`CreateModerationResponse`); older models say nothing about kinds of input. */
const answerSchema = z.looseObject({
  model: z.string().optional(),
  results: z
    .array(
      z.looseObject({
        flagged: z.boolean(),
        categories: z.record(z.string(), z.boolean()),
        category_scores: z.record(z.string(), z.number()),
        category_applied_input_types: z.record(z.string(), z.array(z.enum(['text', 'image']))).optional(),
      }),
    )
    .min(1),
});

export interface ModerationOrder {
  actor: Actor;
  model: string;
  text: string;
  requestId: string;
  signal: AbortSignal;
}

/** Texts judged by the provider that the owner set up for it. */
export class Moderations {
  readonly #media: Pick<ProviderMedia, 'make'>;

  constructor(media: Pick<ProviderMedia, 'make'>) {
    this.#media = media;
  }

  /**
   * What was found, or why nobody could look. Throws `NotFoundError` where the house has nobody who does it, and
   * refusals of the house itself.
   */
  async judge({ actor, model, text, requestId, signal }: ModerationOrder): Promise<Moderated> {
    try {
      const answer = await this.#media.make({
        actor,
        job: 'moderation',
        kind: 'moderation',
        model,
        path: '/moderations',
        init: {
          method: 'POST',
          body: JSON.stringify({ model, input: text }),
          headers: { 'content-type': 'application/json' },
        },
        estimate: {},
        requestId,
        signal,
      });
      return readAnswer(answer.type === 'whole' ? answer.body : null, model);
    } catch (error) {
      if (isAbort(error) || !(error instanceof UnavailableError)) throw error;
      return { type: 'error', code: error.code, message: error.message };
    }
  }
}

function readAnswer(body: object | null, asked: string): Moderated {
  const parsed = answerSchema.safeParse(body);
  const found = parsed.data?.results[0];
  if (!found) {
    throw new UnavailableError('The moderation was answered in a way that is not understood here.', {
      code: 'provider-garbage',
    });
  }
  const { flagged, categories, category_scores, category_applied_input_types: types } = found;
  return {
    type: 'moderation_result',
    model: parsed.data?.model ?? asked,
    flagged,
    categories,
    category_scores,
    category_applied_input_types: types ?? Object.fromEntries(Object.keys(categories).map((name) => [name, ['text']])),
  };
}
