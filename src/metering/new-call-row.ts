import type { MeterRequest } from './meter.ts';
import type { MeteredCallRow } from './operation.ts';

type Beginning = Pick<MeteredCallRow, 'id' | 'accountId' | 'held' | 'prices' | 'budgets' | 'startedAt' | 'expiresAt'>;

/**
 * The row of a call that begins. Each field is written out: an object that is put together from others has none of the
 * shape by which engines find fields fast, and every call of the house passes here.
 */
export function newCallRow(request: MeterRequest, beginning: Beginning): MeteredCallRow {
  const { payer, door } = request;
  return {
    id: beginning.id,
    accountId: beginning.accountId,
    userId: payer.userId,
    keyId: payer.keyId,
    teamId: payer.teamId,
    door,
    purpose: request.purpose ?? (door === 'api' ? 'request' : 'reply'),
    kind: request.kind,
    model: request.model,
    ref: null,
    characterId: request.characterId ?? null,
    conversationId: request.conversationId ?? null,
    requestId: request.requestId ?? null,
    state: 'held',
    outcome: null,
    held: beginning.held,
    cost: 0,
    prices: beginning.prices,
    budgets: beginning.budgets,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    characters: 0,
    audioInMs: 0,
    images: 0,
    videoInMs: 0,
    attempts: 1,
    usageSource: null,
    errorCode: null,
    firstTokenInMs: null,
    durationInMs: null,
    startedAt: beginning.startedAt,
    expiresAt: beginning.expiresAt,
    endedAt: null,
  };
}
