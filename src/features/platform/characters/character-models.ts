import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Actor } from '../../../accounts/actor.ts';
import { NotFoundError } from '../../../base/errors.ts';
import type { AnswerSource, Generation, GenerationRequest } from '../generations.ts';
import { requireModelAllowed } from '../platform-caller.ts';
import type { CharacterHouse, OfferedCharacter, PlannedReply } from './character-house.ts';
import { characterName, parseCharacterName } from './character-name.ts';
import { talkOfPrompt } from './talk-of-prompt.ts';

type Call = GenerationRequest['call'];

/** Characters as models, where the caller keeps the talk: their prompt is the house's, the model is metered as any. */
export class CharacterModels implements AnswerSource {
  readonly #house: CharacterHouse;
  readonly #models: AnswerSource;

  constructor({ house, models }: { house: CharacterHouse; models: AnswerSource }) {
    this.#house = house;
    this.#models = models;
  }

  /** Those the caller may use. */
  async list(actor: Actor): Promise<OfferedCharacter[]> {
    const all = await this.#house.list(actor);
    const names = actor.key?.models;
    return names ? all.filter(({ slug }) => names.includes(characterName(slug))) : all;
  }

  /** Throws `NotFoundError` (`model-not-found`) and `ForbiddenError` (`model-not-allowed`). */
  async require(actor: Actor, model: string): Promise<OfferedCharacter & { versionId: string | undefined }> {
    const name = parseCharacterName(model);
    const found = name && (await this.#house.find(actor, name.slug));
    if (!name || !found) {
      throw new NotFoundError(
        `There is no character “${model.slice(0, 200)}” here. GET /v1/models lists those you can talk with.`,
        { code: 'model-not-found', field: 'model' },
      );
    }
    requireModelAllowed(actor, characterName(found.slug));
    return { ...found, versionId: name.versionId };
  }

  async start(request: GenerationRequest): Promise<Generation> {
    const { actor, model, signal } = request;
    const { id: characterId, versionId } = await this.require(actor, model);
    const { said, note, tail } = talkOfPrompt(request.call.prompt);
    const planned = await this.#house.plan(actor, { characterId, versionId, said, note, signal });
    const generation = await this.#models.start({
      ...request,
      actor: { ...actor, ...(actor.key ? { key: { ...actor.key, models: null } } : {}) },
      model: planned.modelRef,
      call: joined(planned.call, request.call, tail),
      speaker: { name: model, characterId },
    });
    return { ...generation, parts: asReply(generation.parts, planned) };
  }
}

/** What the caller asks for counts, over what the house would ask for. */
function joined(planned: Call, asked: Call, tail: Call['prompt']): Call {
  const { prompt: _own, stopSequences = [], ...wishes } = asked;
  return {
    ...planned,
    ...wishes,
    prompt: [...planned.prompt, ...tail],
    stopSequences: [...(planned.stopSequences ?? []), ...stopSequences],
  };
}

async function* asReply(
  parts: AsyncIterable<LanguageModelV4StreamPart>,
  { filter, prefill }: PlannedReply,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const id = 'reply';
  if (prefill !== '') yield { type: 'text-delta', id, delta: prefill };
  for await (const part of parts) {
    if (part.type === 'text-delta') {
      const delta = filter.push(part.delta);
      if (delta !== '') yield { ...part, delta };
      continue;
    }
    if (part.type === 'finish' || part.type === 'tool-input-start') {
      const rest = filter.end();
      if (rest !== '') yield { type: 'text-delta', id, delta: rest };
    }
    yield part;
  }
}
