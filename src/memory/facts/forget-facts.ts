import type { Forget } from '../../../contract/memory.ts';
import type { NewId } from '../../base/ids.ts';
import type { Trx } from '../../storage/storage.ts';
import type { Pair } from '../pair-view.ts';
import { deleteDerivedOf, deleteToldOf } from './derived-store.ts';
import type { FactRecord } from './fact-record.ts';
import { deleteFacts, listFactIdsOf, listFacts, readFact } from './fact-store.ts';
import { foldWords } from './fold-words.ts';
import { forgottenMark } from './rule-book.ts';
import { sameKey } from './see-facts.ts';
import { addRule, type RuleKind } from './rule-store.ts';

/** Longest words a rule can be made of; a longer fact is forgotten by its mark and its message. */
const RULE_LENGTH = 200;

interface Forgetting {
  now: number;
  newId: NewId;
}

/** Removes a fact, what it corrected, and as much of where it came from as asked. Returns forgotten messages. */
export async function forgetFact(
  trx: Trx,
  { fact, scope, never, ...forgetting }: Required<Forget> & Forgetting & { fact: FactRecord },
): Promise<string[]> {
  const chain = await withTwins(trx, await correctedBefore(trx, fact));
  const pair = { ownerId: fact.ownerId, characterId: fact.characterId };
  const rule = (kind: RuleKind, value: string, label: string) =>
    addRule(trx, { id: forgetting.newId(), ...pair, kind, value, label, createdAt: forgetting.now });
  for (const { sources, quote } of chain) {
    for (const source of sources) {
      await rule('fact', forgottenMark(source.messageId, quote), '');
      await deleteToldOf(trx, source);
    }
  }
  if (never) {
    for (const { quote, text } of chain) {
      const words = (quote || text).slice(0, RULE_LENGTH).trim();
      if (foldWords(words) !== '') await rule('words', foldWords(words), words);
    }
  }
  await deleteFacts(
    trx,
    chain.map(({ id }) => id),
  );
  if (scope === 'fact') return [];
  const messageIds = [...new Set(chain.flatMap(({ sources }) => sources.map(({ messageId }) => messageId)))];
  for (const messageId of messageIds) await forgetMessage(trx, { pair, messageId, ...forgetting });
  return messageIds;
}

/** A message that stays where it was said and is known nowhere else: no fact, vector, summary or page rests on it. */
export async function forgetMessage(
  trx: Trx,
  { pair, messageId, now, newId }: Forgetting & { pair: Pair; messageId: string },
): Promise<void> {
  await addRule(trx, { id: newId(), ...pair, kind: 'message', value: messageId, label: '', createdAt: now });
  await deleteFacts(trx, await listFactIdsOf(trx, [messageId]));
  await deleteDerivedOf(trx, messageId);
}

/** With every fact of the pair that says the same elsewhere: they are shown as one, and would come back one by one. */
async function withTwins(trx: Trx, facts: readonly FactRecord[]): Promise<FactRecord[]> {
  const [first] = facts;
  if (!first) return [];
  const keys = new Set(facts.map(sameKey));
  const known = new Set(facts.map(({ id }) => id));
  const all = await listFacts(trx, first);
  return [...facts, ...all.filter((one) => keys.has(sameKey(one)) && !known.has(one.id))];
}

/** The fact and those it stands for by correction, newest first. */
async function correctedBefore(trx: Trx, fact: FactRecord): Promise<FactRecord[]> {
  const chain = [fact];
  for (let last = fact; last.replacesId !== null;) {
    const before = await readFact(trx, { id: last.replacesId, ownerId: fact.ownerId });
    if (!before || before.state !== 'corrected' || chain.some(({ id }) => id === before.id)) break;
    chain.push(before);
    last = before;
  }
  return chain;
}
