import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { openAiModelListSchema, openAiModelSchema, type OpenAiModel } from '../../../contract/openai/models.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { OfferedCharacter } from '../../features/platform/characters/character-house.ts';
import type { CharacterModels } from '../../features/platform/characters/character-models.ts';
import { characterName, parseCharacterName } from '../../features/platform/characters/character-name.ts';
import type { OfferedModel, PlatformModels } from '../../features/platform/platform-models.ts';
import { anthropicList, toAnthropicModel } from '../anthropic/anthropic-models.ts';
import type { OpenAiArea } from './openai-area.ts';

/** `GET /v1/models`: those to talk with first, then characters, then what speaks and listens (`listMore`). */
export function modelsArea({
  models,
  characters,
  listMore,
}: {
  models: PlatformModels;
  characters: CharacterModels;
  listMore: (actor: Actor) => Promise<OfferedModel[]>;
}): OpenAiArea {
  return (app) => {
    const config = { access: 'user', scope: 'models' } as const;
    const tell = async ({ actor, headers, name }: { actor: Actor; headers: IncomingHttpHeaders; name: string }) => {
      const shown = isAnthropics(headers) ? toAnthropicModel : <T>(model: T) => model;
      if (parseCharacterName(name)) return shown(presentCharacter(await characters.require(actor, name)));
      const all = [...(await models.list(actor)), ...(await listMore(actor))];
      const model = all.find((one) => one.name === name || one.ref === name);
      if (model) return shown(present(model));
      throw new NotFoundError(`The model “${name.slice(0, 200)}” does not exist, or you do not have access to it.`, {
        code: 'model-not-found',
        field: 'model',
      });
    };
    app.route({
      method: 'GET',
      url: '/models',
      schema: { summary: 'Lists models', tags: ['openai'] },
      config: { ...config, answers: { 200: openAiModelListSchema } },
      handler: async ({ actor, headers }) => {
        const lists = [models.list(actor), listMore(actor)] as const;
        const [cast, offered, more] = await Promise.all([characters.list(actor), ...lists]);
        const data = [...offered.map(present), ...cast.map(presentCharacter), ...more.map(present)];
        return isAnthropics(headers) ? anthropicList(data) : { object: 'list', data };
      },
    });
    app.route({
      method: 'GET',
      url: '/models/:model',
      schema: { summary: 'Tells of a model', tags: ['openai'], params: z.object({ model: z.string() }) },
      config: { ...config, answers: { 200: openAiModelSchema } },
      handler: ({ actor, headers, params }) => tell({ actor, headers, name: params.model }),
    });
    // Names of providers' models have slashes, which not everybody encodes.
    app.route({
      method: 'GET',
      url: '/models/*',
      schema: { hide: true, params: z.object({ '*': z.string() }) },
      config,
      handler: ({ actor, headers, params }) => tell({ actor, headers, name: params['*'] }),
    });
  };
}

/** Anthropic's clients say which of its versions they speak. */
function isAnthropics(headers: IncomingHttpHeaders): boolean {
  return headers['anthropic-version'] !== undefined;
}

function presentCharacter({ slug, updatedAt }: OfferedCharacter): OpenAiModel {
  return { id: characterName(slug), object: 'model', created: Math.floor(updatedAt / 1000), owned_by: 'character' };
}

function present({ name, place }: OfferedModel): OpenAiModel {
  return { id: name, object: 'model', created: 0, owned_by: place };
}
