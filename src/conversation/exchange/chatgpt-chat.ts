import { documentHead, looseMessage, type ReadDocument } from './chat-document.ts';
import { orderTree, type TreeEntry } from './order-tree.ts';
import { asArray, asObject, asText, isObject, type JsonObject } from './safe-json.ts';

/** One conversation of ChatGPT's `conversations.json`: `mapping{id: {message, parent, children}}`, `current_node`. */
export function readChatGptChat(item: JsonObject): ReadDocument | null {
  const entries = Object.entries(asObject(item['mapping'])).flatMap(([id, node]): TreeEntry[] =>
    isObject(node) ? [toEntry(id, node)] : [],
  );
  const nodes = orderTree(entries, asText(item['current_node']) || null);
  if (nodes.length === 0) return null;
  const { mapping: _, ...foreign } = item;
  return {
    head: documentHead('chatgpt', {
      title: item['title'],
      characterName: 'ChatGPT',
      createdAt: item['create_time'],
      identity: asText(item['conversation_id']) || item['id'],
      foreign: { item: foreign },
    }),
    nodes,
  };
}

function toEntry(id: string, entry: JsonObject): TreeEntry {
  const parentId = typeof entry['parent'] === 'string' ? entry['parent'] : null;
  const message = asObject(entry['message']);
  const { content, ...rest } = message;
  const { type, text } = readContent(asObject(content));
  if (type === 'thoughts') return { id, parentId, node: null, reasoning: text };
  const role = asText(asObject(rest['author'])['role']);
  const isSpoken =
    (role === 'user' || role === 'assistant') && (rest['recipient'] === undefined || rest['recipient'] === 'all');
  const isSetUp = role === 'system' || type === 'user_editable_context';
  if (text.trim() === '' || (isSetUp && asObject(rest['metadata'])['is_visually_hidden_from_conversation'] === true)) {
    return { id, parentId, node: null };
  }
  return {
    id,
    parentId,
    node: looseMessage('chatgpt', {
      kind: role === 'user' ? 'human' : role === 'assistant' ? 'character' : 'narrator',
      name: role === 'assistant' ? 'ChatGPT' : role === 'user' ? '' : asText(asObject(rest['author'])['name']) || role,
      text,
      // Calls of tools and their results are for the model; people find them folded away.
      hidden: !isSpoken || isSetUp,
      createdAt: rest['create_time'],
      foreign: { message: rest, ...(type === 'text' ? {} : { content }) },
    }),
  };
}

function readContent(content: JsonObject): { type: string; text: string } {
  const type = asText(content['content_type']);
  if (type === 'thoughts') {
    const thoughts = asArray(content['thoughts']).map((thought) => asText(asObject(thought)['content']));
    return { type, text: thoughts.filter(Boolean).join('\n\n') };
  }
  if (type === 'reasoning_recap') return { type, text: '' };
  const parts = asArray(content['parts']).map((part) => {
    if (typeof part === 'string') return part;
    const { content_type: kind, text } = asObject(part);
    return typeof text === 'string' ? text : `[${asText(kind).replace(/_asset_pointer$/, '') || 'attachment'}]`;
  });
  const text = parts.filter((part) => part !== '').join('\n\n');
  return { type, text: text || asText(content['text']) || asText(content['result']) };
}
