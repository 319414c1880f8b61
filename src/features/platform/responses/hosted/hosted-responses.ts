import type { ResponseRequest } from '../../../../../contract/openai/responses.ts';
import type { ProviderKind } from '../../../../../contract/models.ts';
import type { RelayPlan } from '../../relay/relayed-answers.ts';
import { unsupported } from '../../chat/unsupported.ts';
import { blankResponse } from '../blank-response.ts';
import { checkKeeping } from '../check-response-request.ts';
import { sinceCompaction } from '../compactor.ts';
import { readHistory } from '../response-history.ts';
import type { ResponseCall } from '../response-planner.ts';
import type { SealedTexts } from '../sealed-texts.ts';
import { HostedMaking, type HostedContext } from './hosted-making.ts';
import { itemsForProvider, toHostedItems } from './items-for-provider.ts';
import { providerNeedOf } from './provider-need.ts';

/**
 * Responses that need what only a provider runs: its searches, its interpreter, its servers of tools. The talk stays
 * here: the provider is told all of it each time and keeps nothing, so that it can go on with any other model.
 */
export class HostedResponses {
  readonly #context: HostedContext & { sealed: SealedTexts };

  constructor(context: HostedContext & { sealed: SealedTexts }) {
    this.#context = context;
  }

  /** Null where the house answers itself. Throws `InvalidInputError` naming what nobody here has. */
  async make(call: ResponseCall): Promise<HostedMaking | null> {
    const { actor, request, requestId } = call;
    const need = providerNeedOf(request);
    if (need === null) return null;
    checkKeeping(request);
    const relay = await this.#context.hosted.plan(call, need);
    if (request.moderation && !kindsOf(relay).every((kind) => kind === 'openai')) {
      throw unsupported('moderation', `Answers with ${need.what} are moderated by OpenAI alone: leave it out.`);
    }
    const { storage, newId, clock, sealed } = this.#context;
    const history = await readHistory(storage.db, actor.userId, request);
    const input = toHostedItems(request.input, { newId, ownerId: actor.userId });
    const items = itemsForProvider(sinceCompaction([...history.items, ...input]), { sealed, ownerId: actor.userId });
    const id = `resp_${newId().replaceAll('-', '')}`;
    const conversationId = history.conversation?.id ?? null;
    return new HostedMaking(this.#context, {
      actor,
      requestId,
      history,
      input,
      relay,
      body: bodyOf(request, { items, kinds: kindsOf(relay) }),
      response: blankResponse(request, { id, now: clock.now(), conversationId }),
      replayed: request.stream === true,
    });
  }
}

function kindsOf({ targets }: RelayPlan): ProviderKind[] {
  return [...targets.values()].map(({ provider }) => provider.kind);
}

/** As it came, but for what is kept here. */
function bodyOf(
  request: ResponseRequest,
  { items, kinds }: { items: readonly object[]; kinds: readonly ProviderKind[] },
): Record<string, unknown> {
  const { previous_response_id: _previous, conversation: _conversation, background: _background, ...rest } = request;
  const { metadata: _metadata, include, ...asked } = rest;
  // What a model thought goes along sealed where nobody keeps it for the next turn.
  const sealsThoughts = request.reasoning && kinds.every((kind) => kind === 'openai');
  const told = new Set([...(include ?? []), ...(sealsThoughts ? ['reasoning.encrypted_content'] : [])]);
  return {
    ...asked,
    ...(told.size > 0 ? { include: [...told] } : {}),
    input: items,
    stream: true,
    store: false,
  };
}
