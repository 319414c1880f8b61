import { blankMessage } from '../../../src/conversation/blank-message.ts';
import { insertBranchMark } from '../../../src/conversation/branch-mark-store.ts';
import { insertMessage, setActiveChild } from '../../../src/conversation/message-store.ts';
import { insertParticipant, listParticipants } from '../../../src/conversation/participant-store.ts';
import { insertStage } from '../../../src/conversation/stage-store.ts';
import type { MessageNode } from '../../../src/conversation/tree-types.ts';
import type { ChatHouse } from './open-house.ts';
import type { Chance } from './room-history.ts';

export interface RandomTree {
  /** Messages that the host heard and that are not deleted, by their words. */
  heard: string[];
  /** Those that must not go along. */
  withheld: string[];
}

const STATES = ['done', 'done', 'done', 'stopped', 'failed', 'interrupted'] as const;

/** Grows a room by a tree of whispers, doors, edits, hidden and deleted messages, with names on some of them. */
export async function growRandomTree(
  { app: { storage, clock, newId } }: { app: Pick<ChatHouse['app'], 'storage' | 'clock'> & { newId: () => string } },
  { conversationId, chance, count }: { conversationId: string; chance: Chance; count: number },
): Promise<RandomTree> {
  const guest = { id: newId(), conversationId, kind: 'human' as const, subjectId: `user-${newId()}`, name: 'Kim' };
  await storage.transaction((trx) =>
    insertParticipant(trx, { ...guest, role: 'guest', fromStart: false, createdAt: clock.now() }),
  );
  const people = await listParticipants(storage.db, conversationId);
  const host = people.find(({ role }) => role === 'host')?.id ?? '';
  const nodes: MessageNode[] = [];
  const tree: RandomTree = { heard: [], withheld: [] };
  await storage.transaction(async (trx) => {
    for (let number = 0; number < count; number += 1) {
      const parent = number === 0 || chance.often(0.03) ? null : chance.often(0.7) ? nodes.at(-1)! : chance.of(nodes);
      const speaker = chance.of(people);
      const isEvent = chance.often(0.1);
      const blank = blankMessage({ id: newId(), conversationId, parent, createdAt: 1_700_000_000_000 + number });
      const words = `token${chance.below(1e9)}x${number} “你好”\n*line* \u{1f600}`;
      const node: MessageNode = {
        ...blank,
        author: isEvent
          ? { kind: 'narrator', id: '', name: '' }
          : { kind: speaker.kind, id: speaker.subjectId, name: speaker.name },
        parts: isEvent
          ? [{ type: 'event', event: 'leave', names: [speaker.name], detail: words }]
          : [
              ...(chance.often(0.2) ? [{ type: 'reasoning' as const, text: 'Hm.' }] : []),
              { type: 'text', text: words },
            ],
        state: chance.of(STATES),
        failure: chance.often(0.1) ? { code: 'provider-failed', message: 'No.', retryable: true } : null,
        editOf: nodes.find(({ parentId }) => parentId === blank.parentId && chance.often(0.1))?.id ?? null,
        hidden: chance.often(0.1),
        audience: chance.often(0.5) ? 'everyone' : chance.some(people).map(({ id }) => id),
        manner: chance.of(['open', 'whisper', 'door'] as const),
        stageId: isEvent ? blank.id : blank.stageId,
        deletedAt: chance.often(0.1) ? 1 : null,
      };
      await insertMessage(trx, node);
      if (isEvent) {
        const present = Object.fromEntries(chance.some(people).map(({ id }) => [id, chance.of(['', 'cellar'])]));
        await insertStage(trx, { messageId: node.id, conversationId, stage: { present, placeId: null, time: 'dusk' } });
      }
      nodes.push(node);
      const isHeard = node.audience === 'everyone' || node.audience.includes(host);
      (isHeard && node.deletedAt === null ? tree.heard : tree.withheld).push(words.slice(0, words.indexOf(' ')));
      if (chance.often(0.1)) {
        const mark = { id: newId(), conversationId, messageId: node.id, createdAt: number, name: `mark ${number}` };
        await insertBranchMark(trx, { ...mark, kind: chance.of(['branch', 'checkpoint'] as const) });
      }
    }
    const leaf = chance.of(nodes);
    const onPath = new Map<string, string>();
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (let at: MessageNode | undefined = leaf; at?.parentId; at = byId.get(at.parentId))
      onPath.set(at.parentId, at.id);
    for (const { id, parentId } of nodes) {
      if (parentId !== null && chance.often(0.6)) await setActiveChild(trx, { parentId, childId: id });
    }
    for (const [parentId, childId] of onPath) await setActiveChild(trx, { parentId, childId });
    await trx
      .updateTable('conversation')
      .set({ leafId: leaf.id, messageCount: leaf.depth + 1 })
      .where('id', '=', conversationId)
      .execute();
  });
  return tree;
}
