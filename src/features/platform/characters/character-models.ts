import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import type { AnswerSource, Generation, GenerationRequest } from '../generations.ts';
import { requireModelAllowed, withEveryModel } from '../platform-caller.ts';
import type { CharacterHouse, OfferedCharacter, PlannedReply } from './character-house.ts';
import { characterName, parseCharacterName } from './character-name.ts';
import { talkOfPrompt, type SaidWords } from './talk-of-prompt.ts';

type Call = GenerationRequest['call'];

/** A reply with everything the model is told. */
interface PlannedAnswer extends PlannedReply {
  characterId: string;
  prompt: Call['prompt'];
}

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
    if (name.version === undefined) return { ...found, versionId: undefined };
    const versionId = await this.#house.findVersion({ characterId: found.id, name: name.version });
    if (versionId !== undefined) return { ...found, versionId };
    throw new NotFoundError(
      `“${found.name}” has no version “${name.version.slice(0, 100)}”: name one by its number, or leave “@…” out for the newest.`,
      { code: 'model-not-found', field: 'model' },
    );
  }

  /** The reply to a talk that the caller keeps, as the house would ask for it. */
  async plan({
    actor,
    model,
    prompt,
    signal,
  }: Pick<GenerationRequest, 'actor' | 'model' | 'signal'> & Pick<Call, 'prompt'>): Promise<PlannedAnswer> {
    const { id: characterId, versionId } = await this.require(actor, model);
    const { said, note, tail } = talkOfPrompt(prompt);
    const talk = { said: said.map(withPictures), note };
    const planned = await this.#house.plan(actor, { characterId, versionId, ...talk, signal });
    if (talk.said.some(({ pictures }) => pictures.length > 0)) requireSight(planned);
    return { ...planned, characterId, prompt: [...planned.call.prompt, ...tail] };
  }

  async start(request: GenerationRequest): Promise<Generation> {
    const { actor, model, call, signal } = request;
    const planned = await this.plan({ actor, model, prompt: call.prompt, signal });
    const generation = await this.#models.start({
      ...request,
      actor: withEveryModel(actor),
      model: planned.modelRef,
      call: joined(planned, call),
      speaker: { name: model, characterId: planned.characterId },
    });
    return { ...generation, parts: asReply(generation.parts, planned) };
  }
}

/** Throws where the model that answers for a character does not look at pictures. */
export function requireSight({ modelLabel, seesPictures }: Pick<PlannedReply, 'modelLabel' | 'seesPictures'>): void {
  if (seesPictures) return;
  throw new InvalidInputError(
    `The model “${modelLabel}”, which answers for this character, does not look at pictures: leave them out, or choose another model in the app.`,
    { code: 'unsupported', field: 'messages' },
  );
}

function withPictures({ by, text, files }: SaidWords) {
  const other = files.find(({ mediaType }) => !mediaType.startsWith('image/'));
  if (!other) return { by, text, pictures: files.map(({ bytes }) => bytes) };
  throw new InvalidInputError(
    'Where you keep the talk, characters are shown pictures and told words: leave out sounds and files, or let the house keep the talk with POST /v1/responses.',
    { code: 'unsupported', field: 'messages' },
  );
}

/** What the caller asks for counts, over what the house would ask for. */
function joined({ call: planned, prompt }: PlannedAnswer, asked: Call): Call {
  const { prompt: _own, stopSequences = [], ...wishes } = asked;
  return {
    ...planned,
    ...wishes,
    prompt,
    stopSequences: [...(planned.stopSequences ?? []), ...stopSequences],
    providerOptions: merged(planned.providerOptions, asked.providerOptions),
  };
}

function merged(planned: Call['providerOptions'] = {}, asked: Call['providerOptions'] = {}) {
  const names = new Set([...Object.keys(planned), ...Object.keys(asked)]);
  return Object.fromEntries([...names].map((name) => [name, { ...planned[name], ...asked[name] }]));
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
