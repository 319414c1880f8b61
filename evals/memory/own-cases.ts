import type { RecallTurn } from '../../src/memory/recall/turn-index.ts';
import { readOwnSet } from './own-set.ts';
import type { OwnConversation } from './own-set.ts';
import type { RecallCase } from './recall-case.ts';

/**
 * Our own set: the index holds every turn that was ever written, discarded ones too; a question sees the path of the
 * branch it is asked on.
 */
export async function* readOwnCases(path: string): AsyncGenerator<RecallCase> {
  for (const conversation of await readOwnSet(path)) yield toCase(conversation);
}

function toCase(conversation: OwnConversation): RecallCase {
  const { id: conversationId, human, character } = conversation;
  const depths = new Map<string, number>();
  const turns = conversation.turns.map(({ id, parentId, speaker, byHuman, text, at }): RecallTurn => {
    const depth = parentId === null ? 0 : (depths.get(parentId) ?? 0) + 1;
    depths.set(id, depth);
    return { id, parentId, conversationId, depth, speaker, byHuman, text, at };
  });
  const paths = new Map([...conversation.paths].map(([branch, path]) => [branch, path.map(({ id }) => id)]));
  return {
    id: conversationId,
    language: conversation.language,
    timeZone: conversation.timeZone,
    turns,
    sessions: new Map(conversation.turns.map(({ id, branch, session }) => [id, `${branch ?? 'none'}/${session}`])),
    names: [human, character],
    questions: conversation.questions.map(({ id, kind, ask, evidence, never, on, at }) => ({
      id: `${conversationId}/${id}`,
      kind,
      ask,
      speaker: human,
      now: at,
      path: paths.get(on) ?? [],
      evidence,
      never,
      unanswerable: kind === 'never',
    })),
  };
}
