import type { MessagePage } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { ActivePaths } from '../../conversation/active-paths.ts';
import { readMessage, readPathDown, readPathUp } from '../../conversation/message-store.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { presentMessages } from './present-message.ts';

export interface PageRequest {
  conversationId: string;
  /** At most one of the three: the page before a message, after it, or with it in the middle. None = the newest. */
  before?: string | undefined;
  after?: string | undefined;
  around?: string | undefined;
  limit: number;
}

/** Pages of a path: that of the conversation, or the one that runs through a message of another branch. */
export class MessagePages {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #paths: ActivePaths;

  constructor(context: ChatContext, parts: { conversations: Conversations; paths: ActivePaths }) {
    this.#context = context;
    this.#conversations = parts.conversations;
    this.#paths = parts.paths;
  }

  async page(actor: Actor, request: PageRequest): Promise<MessagePage> {
    const { db } = this.#context.storage;
    const { conversation, seat } = await this.#conversations.requireSeat(actor, request.conversationId);
    const nodes = await this.#nodes(request, conversation.leafId);
    const [first, last] = [nodes[0], nodes.at(-1)];
    const through = request.around ?? request.after;
    const anchor = through === undefined ? undefined : (nodes.find(({ id }) => id === through) ?? first);
    const onPath = anchor === undefined || (await this.#paths.among(conversation, [anchor])).has(anchor.id);
    return {
      messages: await presentMessages(db, nodes, seat),
      total: onPath || !last ? conversation.messageCount : last.depth + 1,
      hasOlder: first !== undefined && first.parentId !== null,
      hasNewer: through !== undefined && last !== undefined && last.activeChildId !== null,
      onPath,
      revision: conversation.revision,
    };
  }

  async #nodes(request: PageRequest, leafId: string | null): Promise<MessageNode[]> {
    const { conversationId, before, after, around, limit } = request;
    const { db } = this.#context.storage;
    if (around !== undefined) {
      const { id: fromId } = await this.#require(conversationId, { around });
      const older = await readPathUp(db, { conversationId, fromId, limit: Math.ceil(limit / 2) });
      const newer = await readPathDown(db, { conversationId, fromId, limit: Math.floor(limit / 2) + 1 });
      return [...older, ...newer.slice(1)];
    }
    if (after !== undefined) {
      const { id: fromId } = await this.#require(conversationId, { after });
      return (await readPathDown(db, { conversationId, fromId, limit: limit + 1 })).slice(1);
    }
    const fromId = before === undefined ? leafId : (await this.#require(conversationId, { before })).parentId;
    return fromId === null ? [] : readPathUp(db, { conversationId, fromId, limit });
  }

  async #require(conversationId: string, named: Record<string, string>): Promise<MessageNode> {
    const [[field, id] = ['messageId', '']] = Object.entries(named);
    const node = await readMessage(this.#context.storage.db, id);
    if (node?.conversationId !== conversationId) throw new NotFoundError('There is no such message.', { field });
    return node;
  }
}
