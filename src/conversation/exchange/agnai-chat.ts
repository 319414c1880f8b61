import { documentHead, looseMessage, type ReadDocument } from './chat-document.ts';
import type { ImportedNode } from './imported-chat.ts';
import { asArray, asText, isObject, type JsonObject } from './safe-json.ts';

/** Agnai: `messages[]{msg, userId?}`; a message with a user id is the human's, `retries` are its other answers. */
export function readAgnaiChat(document: JsonObject): ReadDocument | null {
  const nodes: ImportedNode[] = [];
  const names = { human: '', character: '' };
  let last: number | null = null;
  for (const message of asArray(document['messages']).filter(isObject)) {
    const { msg, retries, ...rest } = message;
    if (typeof msg !== 'string') continue;
    const isHuman = typeof rest['userId'] === 'string' && rest['userId'] !== '' && !rest['characterId'];
    const name = asText(rest['handle'] ?? rest['name']);
    if (isHuman) names.human ||= name;
    else names.character ||= name;
    const common = { kind: isHuman ? 'human' : 'character', name, createdAt: rest['createdAt'] } as const;
    const parent = last;
    last = nodes.length;
    nodes.push({
      ...looseMessage('agnai', { ...common, text: msg, foreign: { message: rest } }),
      parent,
      chosen: true,
    });
    for (const retry of asArray(retries)) {
      if (typeof retry !== 'string' || retry === msg) continue;
      nodes.push({ ...looseMessage('agnai', { ...common, text: retry }), parent, chosen: false });
    }
  }
  if (nodes.length === 0) return null;
  const { messages: _, ...foreign } = document;
  return {
    head: documentHead('agnai', {
      title: document['name'],
      characterName: asText(document['characterName']) || names.character,
      userName: names.human,
      createdAt: document['createdAt'],
      identity: document['_id'],
      foreign: { document: foreign },
    }),
    nodes,
  };
}
