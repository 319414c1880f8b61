import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  changeConversationFolderSchema,
  changeConversationsSchema,
  changedConversationsSchema,
  createConversationFolderSchema,
  deletedConversationFolderSchema,
  orderConversationFoldersSchema,
  organisedSchema,
} from '../../../contract/organising.ts';
import type { ConversationFolders } from '../../features/organising/conversation-folders.ts';
import type { ConversationMarks } from '../../features/organising/conversation-marks.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['conversations'];
const config = { access: 'user', scope: 'chat', guests: true } as const;
const url = '/api/conversation-folders';

/** Folders and marks of a person's conversations. */
export function organisingArea({
  conversationFolders: folders,
  conversationMarks: marks,
}: {
  conversationFolders: ConversationFolders;
  conversationMarks: ConversationMarks;
}): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url,
      schema: { summary: 'Folders, tags and counts of one’s conversations', tags, response: { 200: organisedSchema } },
      config,
      handler: ({ actor }) => folders.list(actor),
    });
    app.route({
      method: 'POST',
      url,
      schema: {
        summary: 'Makes a folder of conversations',
        tags,
        body: createConversationFolderSchema,
        response: { 200: z.object({ id: idSchema }) },
      },
      config,
      handler: ({ actor, body }) => folders.create(actor, body),
    });
    app.route({
      method: 'PUT',
      url: `${url}/order`,
      schema: {
        summary: 'Puts folders in order',
        tags,
        body: orderConversationFoldersSchema,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, body }) => {
        await folders.order(actor, body.ids);
        return { ok: true } as const;
      },
    });
    app.route({
      method: 'PATCH',
      url: `${url}/:id`,
      schema: {
        summary: 'Renames, colours or moves a folder',
        tags,
        params: byId,
        body: changeConversationFolderSchema,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, params, body }) => {
        await folders.change(actor, params.id, body);
        return { ok: true } as const;
      },
    });
    app.route({
      method: 'DELETE',
      url: `${url}/:id`,
      schema: {
        summary: 'Removes a folder; what lay in it stays',
        tags,
        params: byId,
        response: { 200: deletedConversationFolderSchema },
      },
      config,
      handler: async ({ actor, params }) => ({ undo: await folders.delete(actor, params.id) }),
    });
    app.route({
      method: 'POST',
      url: '/api/conversation-marks',
      schema: {
        summary: 'Changes many conversations at once, with what undoes it',
        tags,
        body: changeConversationsSchema,
        response: { 200: changedConversationsSchema },
      },
      config,
      handler: ({ actor, body }) => marks.run(actor, body.operations),
    });
  };
}
