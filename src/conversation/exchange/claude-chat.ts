import { documentHead, looseMessage, type ReadDocument } from './chat-document.ts';
import { orderTree, type TreeEntry } from './order-tree.ts';
import { asArray, asObject, asText, isObject, type JsonObject } from './safe-json.ts';

/** One conversation of Claude's `conversations.json`: `chat_messages[]{sender, content[], parent_message_uuid?}`. */
export function readClaudeChat(item: JsonObject): ReadDocument | null {
  let before: string | null = null;
  const entries: TreeEntry[] = [];
  for (const [index, message] of asArray(item['chat_messages']).filter(isObject).entries()) {
    const { text, content, sender, ...rest } = message;
    const id = asText(rest['uuid']) || `${index}`;
    const parent = rest['parent_message_uuid'];
    const blocks = asArray(content).map(asObject);
    const words = textBlocks(blocks, 'text') || asText(text);
    entries.push({
      id,
      // Older files have no parents and are in order; the root of newer ones is an id nobody has.
      parentId: typeof parent === 'string' ? parent : before,
      node: looseMessage('claude', {
        kind: sender === 'human' ? 'human' : 'character',
        name: sender === 'human' ? '' : 'Claude',
        text: [words, ...asArray(rest['attachments']).map(attachmentText)].filter(Boolean).join('\n\n'),
        reasoning: textBlocks(blocks, 'thinking'),
        createdAt: rest['created_at'],
        foreign: { message: { sender, ...rest }, content: blocks.filter(({ type }) => type !== 'text') },
      }),
    });
    before = id;
  }
  const nodes = orderTree(entries, asText(item['current_leaf_message_uuid']) || before);
  if (nodes.length === 0) return null;
  const { chat_messages: _, ...foreign } = item;
  return {
    head: documentHead('claude', {
      title: item['name'],
      characterName: 'Claude',
      createdAt: item['created_at'],
      identity: item['uuid'],
      foreign: { item: foreign },
    }),
    nodes,
  };
}

function textBlocks(blocks: readonly JsonObject[], type: 'text' | 'thinking'): string {
  return blocks
    .filter((block) => block['type'] === type)
    .map((block) => asText(block[type]))
    .filter(Boolean)
    .join('\n\n');
}

function attachmentText(attachment: unknown): string {
  const { file_name: name, extracted_content: text } = asObject(attachment);
  return asText(text) === '' ? '' : `[${asText(name)}]\n${asText(text)}`;
}
