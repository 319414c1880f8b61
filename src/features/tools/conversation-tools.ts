import type { ChooseTool, ConversationTools } from '../../../contract/tools.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ForbiddenError, NotFoundError } from '../../base/errors.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import {
  clearToolChoices,
  listToolChoices,
  putToolChoice,
  type ToolChoice,
} from '../../models/tools/tool-choice-store.ts';
import { standingTools, type StandingTool } from './choose-tools.ts';
import { requireConversation } from './require-conversation.ts';
import type { ToolsContext } from './tools-context.ts';

/** A menu does not wait longer for a model that is still on its way, milliseconds. */
const MODEL_IN_MS = 2000;

/** Which tools are on in a conversation, and what may run without asking. */
export class ConversationToolChoices {
  readonly #context: ToolsContext;

  constructor(context: ToolsContext) {
    this.#context = context;
  }

  async read(actor: Actor, conversationId: string, signal: AbortSignal): Promise<ConversationTools> {
    const conversation = await requireConversation(this.#context.storage.db, { actor, id: conversationId });
    return this.#present(conversation, signal);
  }

  async choose(
    actor: Actor,
    conversationId: string,
    { choice, signal }: { choice: ChooseTool; signal: AbortSignal },
  ): Promise<ConversationTools> {
    const conversation = await requireConversation(this.#context.storage.db, { actor, id: conversationId });
    const standing = (await readStandingTools(this.#context, conversation)).filter(
      ({ server, listed }) =>
        server.id === choice.serverId && (choice.tool === undefined || listed.name === choice.tool),
    );
    const [first] = standing;
    if (!first) throw new NotFoundError('There is no such tool here.', { field: 'tool' });
    if (choice.consent === 'always' && choice.tool === undefined) {
      throw new ForbiddenError('What runs without asking is chosen tool by tool.', { field: 'tool' });
    }
    const place = placeOf(choice.for, conversation);
    await this.#context.storage.transaction(async (trx) => {
      if (choice.tool === undefined && choice.on !== undefined) {
        await clearToolChoices(trx, { ...place, serverId: choice.serverId });
      }
      await putToolChoice(trx, {
        ...place,
        serverId: choice.serverId,
        tool: choice.tool ?? '',
        ...(choice.on === undefined ? {} : { isOn: choice.on }),
        ...(choice.consent === undefined
          ? {}
          : { consent: choice.consent, digest: choice.consent === 'always' ? first.listed.digest : null }),
      });
    });
    return this.#present(conversation, signal);
  }

  async #present(conversation: ConversationRecord, signal: AbortSignal): Promise<ConversationTools> {
    const standing = await readStandingTools(this.#context, conversation);
    const soon = AbortSignal.any([signal, AbortSignal.timeout(MODEL_IN_MS)]);
    const model = await this.#context.directory.resolve(conversation.model, soon).catch(() => null);
    const servers = [...new Map(standing.map(({ server }) => [server.id, server])).values()];
    return {
      model: {
        label: model?.label ?? '',
        callsTools: model?.tools !== undefined,
        poorly: model?.tools?.poorly ?? false,
      },
      servers: servers.map(({ id, name }) => ({
        id,
        name,
        tools: standing
          .filter(({ server }) => server.id === id)
          .map(({ listed, on, onBy, consent, consentBy }) => ({
            name: listed.name,
            title: listed.title,
            description: listed.description,
            claims: listed.claims,
            on,
            onBy,
            consent,
            consentBy,
          })),
      })),
    };
  }
}

/** Every tool that the conversation's host may use, with how it stands there. */
export async function readStandingTools(
  { storage, store, ownerId }: Pick<ToolsContext, 'storage' | 'store' | 'ownerId'>,
  conversation: Pick<ConversationRecord, 'id' | 'ownerId' | 'characterId'>,
): Promise<StandingTool[]> {
  const [servers, choices] = await Promise.all([
    store.list(),
    listToolChoices(storage.db, {
      ownerId: conversation.ownerId,
      characterId: conversation.characterId,
      conversationId: conversation.id,
    }),
  ]);
  return standingTools(servers, { choices, isOwner: conversation.ownerId === ownerId });
}

function placeOf(
  scope: ChooseTool['for'],
  { id, ownerId, characterId }: ConversationRecord,
): Pick<ToolChoice, 'ownerId' | 'scope' | 'subjectId'> {
  const subjects = { person: '', character: characterId, conversation: id };
  return { ownerId, scope, subjectId: subjects[scope] };
}
