import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { openAiModelListSchema, openAiModelSchema, type OpenAiModel } from '../../../contract/openai/models.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ForbiddenError, NotFoundError } from '../../base/errors.ts';
import type { OfferedCharacter } from '../../features/platform/characters/character-house.ts';
import type { CharacterModels } from '../../features/platform/characters/character-models.ts';
import { characterName, parseCharacterName } from '../../features/platform/characters/character-name.ts';
import type { ModelTimes } from '../../features/platform/model-times.ts';
import type { OfferedModel, PlatformModels } from '../../features/platform/platform-models.ts';
import { anthropicList, toAnthropicModel } from '../anthropic/anthropic-models.ts';
import type { HttpApp } from '../http-app.ts';
import type { OpenAiArea } from './openai-area.ts';

interface Offers {
  models: PlatformModels;
  characters: CharacterModels;
  listMore: (actor: Actor) => Promise<OfferedModel[]>;
  times: ModelTimes;
}

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const byName = z.object({ model: z.string() });
/** Names of providers' models have slashes, which not everybody encodes. */
const byPath = z.object({ '*': z.string() });

/** `/v1/models`: those to talk with first, then characters, then what speaks and listens (`listMore`). */
export function modelsArea(offers: Offers): OpenAiArea {
  return (app) => {
    const { models, characters, listMore, times } = offers;
    const tell = async ({ actor, headers, name }: { actor: Actor; headers: IncomingHttpHeaders; name: string }) => {
      const model = await findModel(offers, actor, name);
      return isAnthropics(headers) ? toAnthropicModel(model) : model;
    };
    app.route({
      method: 'GET',
      url: '/models',
      schema: { summary: 'Lists models', tags },
      config: { ...config, answers: { 200: openAiModelListSchema } },
      handler: async ({ actor, headers }) => {
        const lists = [models.list(actor), listMore(actor)] as const;
        const [cast, offered, more] = await Promise.all([characters.list(actor), ...lists]);
        const since = await times.of([...offered, ...more].map(({ ref }) => ref));
        const show = (model: OfferedModel) => present(model, since);
        const data = [...offered.map(show), ...cast.map(presentCharacter), ...more.map(show)];
        return isAnthropics(headers) ? anthropicList(data) : { object: 'list', data };
      },
    });
    app.route({
      method: 'GET',
      url: '/models/:model',
      schema: { summary: 'Tells of a model', tags, params: byName },
      config: { ...config, answers: { 200: openAiModelSchema } },
      handler: ({ actor, headers, params }) => tell({ actor, headers, name: params.model }),
    });
    app.route({
      method: 'GET',
      url: '/models/*',
      schema: { hide: true, params: byPath },
      config,
      handler: ({ actor, headers, params }) => tell({ actor, headers, name: params['*'] }),
    });
    deletionRoutes(app, offers);
  };
}

function deletionRoutes(app: HttpApp, offers: Offers): void {
  const refuse = async (actor: Actor, name: string): Promise<never> => {
    const { id } = await findModel(offers, actor, name);
    throw new ForbiddenError(
      `The model “${id}” was not fine-tuned here, so this call does not delete it. Models are removed in the settings of the house.`,
      { code: 'model-not-deletable', field: 'model' },
    );
  };
  app.route({
    method: 'DELETE',
    url: '/models/:model',
    schema: { summary: 'Refused: no model here was fine-tuned', tags, params: byName },
    config,
    handler: ({ actor, params }) => refuse(actor, params.model),
  });
  app.route({
    method: 'DELETE',
    url: '/models/*',
    schema: { hide: true, params: byPath },
    config,
    handler: ({ actor, params }) => refuse(actor, params['*']),
  });
}

async function findModel(
  { models, characters, listMore, times }: Offers,
  actor: Actor,
  name: string,
): Promise<OpenAiModel> {
  if (parseCharacterName(name)) return { ...presentCharacter(await characters.require(actor, name)), id: name };
  const all = [...(await models.list(actor)), ...(await listMore(actor))];
  const model = all.find((one) => one.name === name || one.ref === name);
  if (model) return present(model, await times.of([model.ref]));
  throw new NotFoundError(`The model “${name.slice(0, 200)}” does not exist, or you do not have access to it.`, {
    code: 'model-not-found',
    field: 'model',
  });
}

/** Anthropic's clients say which of its versions they speak. */
function isAnthropics(headers: IncomingHttpHeaders): boolean {
  return headers['anthropic-version'] !== undefined;
}

function presentCharacter({ slug, updatedAt }: OfferedCharacter): OpenAiModel {
  return {
    id: characterName(slug),
    object: 'model',
    created: Math.floor(updatedAt / 1000),
    owned_by: 'character',
    shutdown_date: null,
  };
}

function present({ name, ref, place }: OfferedModel, since: ReadonlyMap<string, number>): OpenAiModel {
  const created = Math.floor((since.get(ref) ?? 0) / 1000);
  return { id: name, object: 'model', created, owned_by: place, shutdown_date: null };
}
