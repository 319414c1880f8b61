import { writeSetting } from '../storage/setting-store.ts';
import type { Trx } from '../storage/storage.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';
import { GLOBAL_VARIABLES_KEY, type TurnLegacy } from './gather-turn.ts';
import { insertPromptRecord } from './prompt-record-store.ts';
import { insertTurnState } from './turn-state-store.ts';

/** What a turn was made of and what it leaves, to be kept beside its reply. */
export interface TurnRecord {
  model: { ref: string; label: string };
  assembled: AssembledPrompt;
  legacy: TurnLegacy;
}

/** Keeps a turn's exact prompt and state; joins the transaction that commits its reply. */
export async function commitTurn(
  trx: Trx,
  {
    messageId,
    conversationId,
    ownerId,
    record,
  }: { messageId: string; conversationId: string; ownerId: string; record: TurnRecord },
): Promise<void> {
  const { model, assembled, legacy } = record;
  await insertPromptRecord(trx, { messageId, conversationId, model, assembled });
  await insertTurnState(trx, { messageId, conversationId, state: legacy.state });
  if (legacy.changedGlobals) {
    const value = JSON.stringify(legacy.changedGlobals);
    await writeSetting(trx, { scope: ownerId, key: GLOBAL_VARIABLES_KEY, value });
  }
}
