import { themeSchema, type ChooseLook, type Looks, type LookScope } from '../../../contract/looks.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { putLook, readLook, readLookBackground, type LookKey } from '../../conversation/look-store.ts';
import type { OrganisingContext } from './organising-context.ts';

/** How each person wants a conversation, or all with a character, to look. */
export class ConversationLooks {
  readonly #context: OrganisingContext;

  constructor(context: OrganisingContext) {
    this.#context = context;
  }

  async read(actor: Actor, conversationId: string): Promise<Looks> {
    const keys = await this.#keys(actor, conversationId);
    const [conversation, character] = await Promise.all([
      this.#present(keys.conversation, conversationId),
      this.#present(keys.character, conversationId),
    ]);
    return { conversation, character };
  }

  async choose(actor: Actor, conversationId: string, { for: scope, theme, background }: ChooseLook): Promise<Looks> {
    const keys = await this.#keys(actor, conversationId);
    const change = { ...(theme === undefined ? {} : { theme }), ...(background === undefined ? {} : { background }) };
    await this.#context.storage.transaction((trx) => putLook(trx, keys[scope], change));
    return this.read(actor, conversationId);
  }

  /** One's own picture behind a conversation. */
  async background(
    actor: Actor,
    conversationId: string,
    scope: LookScope,
  ): Promise<{ mediaType: string; bytes: Buffer }> {
    const keys = await this.#keys(actor, conversationId);
    const address = await readLookBackground(this.#context.storage.db, keys[scope]);
    const [, mediaType, data] = /^data:([a-z/]+);base64,(.*)$/s.exec(address ?? '') ?? [];
    if (mediaType === undefined || data === undefined) throw new NotFoundError('There is no such picture.');
    return { mediaType, bytes: Buffer.from(data, 'base64') };
  }

  async #keys(actor: Actor, conversationId: string): Promise<Record<LookScope, LookKey>> {
    const { conversation } = await this.#context.door.requireSeat(actor, conversationId);
    const { userId } = actor;
    return {
      conversation: { userId, scope: 'conversation', subjectId: conversation.id },
      character: { userId, scope: 'character', subjectId: conversation.characterId },
    };
  }

  async #present(key: LookKey, conversationId: string): Promise<Looks['conversation']> {
    const look = await readLook(this.#context.storage.db, key);
    const url = `/api/conversations/${conversationId}/background?for=${key.scope}&size=${look?.backgroundSize ?? 0}`;
    return {
      theme: themeSchema
        .nullable()
        .catch(null)
        .parse(look?.theme ?? null),
      backgroundUrl: look?.hasBackground === true ? url : null,
    };
  }
}
