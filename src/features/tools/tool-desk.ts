import type { ConsentAnswer } from '../../../contract/tools.ts';
import type { Actor } from '../../accounts/actor.ts';
import { AppError, NotFoundError, errorMessage } from '../../base/errors.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { putToolChoice, type ToolChoice } from '../../models/tools/tool-choice-store.ts';
import { plainLine } from '../../models/tools/read-tools.ts';
import type { EndedCall, OfferedTool, RunningCall, ToolsOfTurns } from '../../turn/tool-turn.ts';
import type { TurnRequest } from '../../turn/turn-request.ts';
import { callNames, type StandingTool } from './choose-tools.ts';
import { readStandingTools } from './conversation-tools.ts';
import { requireConversation } from './require-conversation.ts';
import type { ToolsContext } from './tools-context.ts';

/** Milliseconds that a call waits to be allowed; then the reply goes on without it. */
export const CONSENT_IN_MS = 600_000;
/** Tools offered in one turn: more confuse a model and fill its prompt. */
const MOST_OFFERED = 64;
/** UTF-16 units of what a model reads of a tool. */
const MOST_TOLD = 600;

type DeskContext = Omit<ToolsContext, 'directory' | 'clock' | 'newId'>;

interface Pending {
  call: RunningCall;
  /** Null once somebody answered. */
  answer: ((answer: ConsentAnswer | 'nobody') => void) | null;
  stopping: AbortController;
}

/**
 * Where the calls of models arrive: who may use what is looked up, the person is asked where that is needed, and the
 * server is called. A call is *asked* (waits for an answer, ten minutes) → *running* → *done* or *failed*; or *denied*;
 * or *stopped*, by its person or with its reply.
 */
export class ToolDesk implements ToolsOfTurns {
  readonly #context: DeskContext;
  readonly #consentInMs: number;
  readonly #pending = new Map<string, Pending>();

  constructor(context: DeskContext, { consentInMs = CONSENT_IN_MS }: { consentInMs?: number } = {}) {
    this.#context = context;
    this.#consentInMs = consentInMs;
  }

  async offer({ conversation, character, room, spoken }: TurnRequest): Promise<OfferedTool[]> {
    if (spoken) return [];
    const standing = await this.#readStanding({ ...conversation, characterId: character.id });
    const others = room?.participants.some(({ role, leftAt }) => role === 'guest' && leftAt === null) ?? false;
    const on = standing
      // Where guests are, their words are among what the model goes by: only what is shared is within its reach.
      .filter((tool) => tool.on && tool.consent !== 'never' && (tool.server.shared || !others))
      .slice(0, MOST_OFFERED);
    const names = callNames(on);
    return on.map((tool) => toOffered(tool, names.get(tool) ?? ''));
  }

  /** Tools that cannot be looked up must not cost the reply. */
  async #readStanding(conversation: RunningCall['conversation']): Promise<StandingTool[]> {
    try {
      return await readStandingTools(this.#context, conversation);
    } catch (error) {
      this.#context.logger.error({ err: error, conversationId: conversation.id }, 'tools could not be offered');
      return [];
    }
  }

  async call(call: RunningCall): Promise<EndedCall> {
    const stopping = new AbortController();
    const pending: Pending = { call, answer: null, stopping };
    const key = keyOf({ conversationId: call.conversation.id, callId: call.callId });
    this.#pending.set(key, pending);
    const signal = AbortSignal.any([call.signal, stopping.signal]);
    try {
      const allowed = await this.#allow(pending, signal);
      if (allowed !== 'yes') return { state: 'denied', output: WORDS[allowed] };
      call.onChange({ state: 'running' });
      return await this.#run(call, signal);
    } catch (error) {
      if (signal.aborted) return { state: 'stopped', output: 'The call was stopped.' };
      const output = error instanceof AppError ? error.message : errorMessage(error);
      this.#context.logger.warn({ serverId: call.offered.serverId, code: codeOf(error) }, 'a call of a tool failed');
      return { state: 'failed', output: plainLine(output, 2000) };
    } finally {
      this.#pending.delete(key);
    }
  }

  /** What the host says to a call that is asked for; a choice for later is kept with it. */
  async answer(
    actor: Actor,
    { conversationId, callId, answer }: { conversationId: string; callId: string; answer: ConsentAnswer },
  ): Promise<void> {
    const conversation = await requireConversation(this.#context.storage.db, { actor, id: conversationId });
    const pending = this.#require(conversationId, callId);
    if (!pending.answer) throw gone();
    await this.#keep(conversation, { pending, answer });
    pending.answer(answer);
  }

  /** Ends one call; the reply goes on without its result. */
  async stop(actor: Actor, { conversationId, callId }: { conversationId: string; callId: string }): Promise<void> {
    await requireConversation(this.#context.storage.db, { actor, id: conversationId });
    this.#require(conversationId, callId).stopping.abort();
  }

  #require(conversationId: string, callId: string): Pending {
    const pending = this.#pending.get(keyOf({ conversationId, callId }));
    if (!pending) throw gone();
    return pending;
  }

  async #allow(pending: Pending, signal: AbortSignal): Promise<'yes' | 'no' | 'nobody' | 'off'> {
    const { offered } = pending.call;
    const standing = await this.#standing(pending.call);
    if (!standing?.on || standing.consent === 'never') return 'off';
    if (standing.consent === 'always' && (await this.#isUnchanged(standing, signal))) return 'yes';
    pending.call.onChange({ state: 'asked', description: standing.listed.description || offered.description });
    const { promise, resolve, reject } = Promise.withResolvers<ConsentAnswer | 'nobody'>();
    pending.answer = (answer) => {
      pending.answer = null;
      resolve(answer);
    };
    const late = setTimeout(() => pending.answer?.('nobody'), this.#consentInMs);
    const leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      const answer = await promise;
      if (answer === 'nobody') return 'nobody';
      return answer === 'no' || answer === 'never' ? 'no' : 'yes';
    } finally {
      pending.answer = null;
      clearTimeout(late);
      signal.removeEventListener('abort', leave);
    }
  }

  async #standing({ conversation, offered }: RunningCall): Promise<StandingTool | undefined> {
    const standing = await readStandingTools(this.#context, conversation);
    return standing.find(({ server, listed }) => server.id === offered.serverId && listed.name === offered.tool);
  }

  /** A server that changes what a tool is after it was allowed is asked for again. */
  async #isUnchanged({ server, listed }: StandingTool, signal: AbortSignal): Promise<boolean> {
    const { tools } = await this.#context.host.list(server, signal);
    return tools.some(({ name, digest }) => name === listed.name && digest === listed.digest);
  }

  async #run({ offered, input, onChange }: RunningCall, signal: AbortSignal): Promise<EndedCall> {
    const server = await this.#context.store.read(offered.serverId);
    const { text, failed, refused } = await this.#context.host.call(server, { tool: offered.tool, input, signal });
    if (refused.length > 0) onChange({ refused });
    return { state: failed ? 'failed' : 'done', output: text };
  }

  async #keep(
    conversation: ConversationRecord,
    { pending, answer }: { pending: Pending; answer: ConsentAnswer },
  ): Promise<void> {
    const { storage, events } = this.#context;
    const { offered, callId } = pending.call;
    const standing = await this.#standing(pending.call);
    const place: Pick<ToolChoice, 'ownerId' | 'scope' | 'subjectId'> | null =
      answer === 'conversation'
        ? { ownerId: conversation.ownerId, scope: 'conversation', subjectId: conversation.id }
        : answer === 'always' || answer === 'never'
          ? { ownerId: conversation.ownerId, scope: 'person', subjectId: '' }
          : null;
    await storage.transaction(async (trx) => {
      if (place) {
        const consent = answer === 'never' ? 'never' : 'always';
        const digest = consent === 'always' ? (standing?.listed.digest ?? null) : null;
        await putToolChoice(trx, { ...place, serverId: offered.serverId, tool: offered.tool, consent, digest });
      }
      await events.append(trx, {
        type: 'tool-consent',
        actorId: conversation.ownerId,
        subjectId: conversation.id,
        payload: { callId, serverId: offered.serverId, tool: offered.tool, answer },
      });
    });
  }
}

/** What a model reads where its call was not made. */
const WORDS = {
  no: 'The person did not allow this call. Do without it, and do not call it again now.',
  nobody: 'Nobody answered whether this call may be made. Do without it.',
  off: 'This tool is switched off. Do without it.',
} as const;

function toOffered({ server, listed }: StandingTool, name: string): OfferedTool {
  return {
    name,
    serverId: server.id,
    server: server.name,
    tool: listed.name,
    title: listed.title,
    description: plainLine(listed.description, MOST_TOLD),
    inputSchema: listed.inputSchema,
    claims: listed.claims,
  };
}

function keyOf({ conversationId, callId }: { conversationId: string; callId: string }): string {
  return `${conversationId} ${callId}`;
}

function gone(): NotFoundError {
  return new NotFoundError('This call waits for nothing any more.', { code: 'tool-call-gone', field: 'callId' });
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'unknown';
}
