import { z } from 'zod';
import { NotFoundError } from '../../base/errors.ts';
import type { OfferedModel, PlatformModels } from '../../features/platform/platform-models.ts';
import type { OpenAiArea } from './openai-area.ts';

/** `GET /v1/models`. */
export function modelsArea(models: PlatformModels): OpenAiArea {
  return (app) => {
    const config = { access: 'user', scope: 'models' } as const;
    app.route({
      method: 'GET',
      url: '/models',
      schema: { summary: 'Lists models', tags: ['openai'] },
      config,
      handler: async ({ actor }) => ({ object: 'list', data: (await models.list(actor)).map(present) }),
    });
    app.route({
      method: 'GET',
      url: '/models/:model',
      schema: { summary: 'Tells of a model', tags: ['openai'], params: z.object({ model: z.string() }) },
      config,
      handler: async ({ actor, params: { model: name } }) => {
        const model = (await models.list(actor)).find((one) => one.name === name || one.ref === name);
        if (model) return present(model);
        throw new NotFoundError(`The model “${name.slice(0, 200)}” does not exist, or you do not have access to it.`, {
          code: 'model-not-found',
          field: 'model',
        });
      },
    });
  };
}

function present({ name, place }: OfferedModel) {
  return { id: name, object: 'model', created: 0, owned_by: place };
}
