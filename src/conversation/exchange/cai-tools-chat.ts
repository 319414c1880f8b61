import { documentHead, looseMessage, type ReadDocument } from './chat-document.ts';
import type { ImportedNode } from './imported-chat.ts';
import { asArray, asObject, asText, isObject, type JsonObject } from './safe-json.ts';

/**
 * One history of a Character.AI dump (CAI Tools): `msgs[]{src{is_human,name},text}`. Each history is a chat of its
 * own. Alternatives that were not chosen stand beside the message they were offered for.
 */
export function readCaiHistory(history: JsonObject, document: JsonObject): ReadDocument | null {
  const messages = asArray(history['msgs']).filter(isObject);
  const info = asObject(document['info']);
  const names = { human: '', character: asText(info['name'] ?? asObject(info['character'])['name']) };
  const nodes: ImportedNode[] = [];
  let last: number | null = null;
  for (const { text, src, ...rest } of messages) {
    if (typeof text !== 'string') continue;
    const isHuman = asObject(src)['is_human'] === true;
    const name = asText(asObject(src)['name']) || asText(rest['src__name']);
    if (isHuman) names.human ||= name;
    else names.character ||= name;
    const message = looseMessage('cai-tools', {
      kind: isHuman ? 'human' : 'character',
      name,
      text,
      createdAt: rest['created'],
      foreign: { message: { ...rest, src } },
    });
    const sibling: ImportedNode | undefined = last === null ? undefined : nodes[last];
    if (rest['is_alternative'] === true && sibling?.author.kind === message.author.kind) {
      nodes.push({ ...message, parent: sibling.parent, chosen: false });
      continue;
    }
    nodes.push({ ...message, parent: last, chosen: true });
    last = nodes.length - 1;
  }
  if (nodes.length === 0) return null;
  const { msgs: _, ...kept } = history;
  return {
    head: documentHead('cai-tools', {
      title: '',
      characterName: names.character,
      userName: names.human,
      createdAt: history['created'],
      identity: history['external_id'],
      foreign: { history: kept },
    }),
    nodes,
  };
}
