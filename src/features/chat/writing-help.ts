import type { Impersonate, ImpersonationPart, SuggestionPart } from '../../../contract/writing-help.ts';
import { impersonateSchema } from '../../../contract/writing-help.ts';
import { localeSchema } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import { isAbort } from '../../base/errors.ts';
import { readPersona } from '../../character/persona-store.ts';
import { requireGuestHelp } from '../../conversation/guest-help.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import { isHost } from '../../conversation/seat.ts';
import type { Failure } from '../../conversation/tree-types.ts';
import { readRoom } from '../../conversation/read-room.ts';
import type { HumanTurnRequest } from '../../turn/human-words.ts';
import { toFailure } from '../../turn/turn-failure.ts';
import { readPerson } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';

interface End {
  state: 'done' | 'stopped' | 'failed';
  failure: Failure | null;
}

/** What a model writes for a person: their next message, or three things to say. Nothing of it is kept. */
export class WritingHelp {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
  }

  /** Throws before the first part where the conversation is not the actor's to read. */
  async impersonate(
    actor: Actor,
    id: string,
    { request, signal }: { request: Impersonate; signal: AbortSignal },
  ): Promise<AsyncGenerator<ImpersonationPart>> {
    const { draft } = impersonateSchema.parse(request);
    return this.#impersonate(await this.#turnOf(actor, { id, draft, signal }));
  }

  async suggest(actor: Actor, id: string, signal: AbortSignal): Promise<AsyncGenerator<SuggestionPart>> {
    return this.#suggest(await this.#turnOf(actor, { id, draft: '', signal }));
  }

  async *#impersonate(turn: HumanTurnRequest): AsyncGenerator<ImpersonationPart> {
    let end: End = { state: 'done', failure: null };
    try {
      for await (const text of this.#context.turns.impersonate(turn)) yield { type: 'impersonation-delta', text };
    } catch (error) {
      end = endOf(error, turn.signal);
    }
    yield { type: 'impersonation-end', ...end };
  }

  async *#suggest(turn: HumanTurnRequest): AsyncGenerator<SuggestionPart> {
    let end: End = { state: 'done', failure: null };
    try {
      for (const text of await this.#context.turns.suggest(turn)) yield { type: 'suggestion', text };
    } catch (error) {
      end = endOf(error, turn.signal);
    }
    yield { type: 'suggestions-end', ...end };
  }

  async #turnOf(
    actor: Actor,
    { id, draft, signal }: { id: string; draft: string; signal: AbortSignal },
  ): Promise<HumanTurnRequest> {
    const { storage } = this.#context;
    const { conversation, seat } = await this.#conversations.requireSeat(actor, id);
    requireGuestHelp('writing', { isHost: isHost(seat), room: readRoom(conversation) });
    const locale = localeSchema.parse(conversation.locale);
    const participants = await listParticipants(storage.db, id);
    const common = { conversation, seat, participants, locale, draft, signal };
    if (isHost(seat)) {
      const { userName, persona } = await readPerson(this.#context, { ...conversation, locale });
      return { ...common, name: userName, persona: persona?.description ?? '' };
    }
    const { personaId, subjectId, name } = seat;
    const persona =
      personaId === null ? undefined : await readPersona(storage.db, { id: personaId, ownerId: subjectId });
    return { ...common, name, persona: persona?.description ?? '' };
  }
}

function endOf(error: unknown, signal: AbortSignal): End {
  if (signal.aborted || isAbort(error)) return { state: 'stopped', failure: null };
  return { state: 'failed', failure: toFailure(error) };
}
