import { documentHead, looseMessage, type ReadDocument } from './chat-document.ts';
import { orderTree, type TreeEntry } from './order-tree.ts';
import { asArray, asObject, asText, isObject, type JsonObject } from './safe-json.ts';

/** One chat of an Open WebUI export: `chat.history{messages{id: {parentId, role, content}}, currentId}`. */
export function readOpenWebUiChat(item: JsonObject): ReadDocument | null {
  const chat = asObject(item['chat']);
  const history = asObject(chat['history']);
  const messages = isObject(history['messages'])
    ? Object.entries(history['messages']).flatMap(([id, message]) => (isObject(message) ? [{ ...message, id }] : []))
    : listed(chat['messages']);
  const models = asArray(chat['models']).map(asText);
  let model = '';
  const entries = messages.map((message: JsonObject): TreeEntry => {
    const { role, content, parentId, ...rest } = message;
    const name = asText(rest['modelName']) || asText(rest['model']);
    if (role === 'assistant') model ||= name;
    const { thoughts, words } = splitDetails(contentText(content));
    return {
      id: String(rest['id']),
      parentId: typeof parentId === 'string' ? parentId : null,
      node: looseMessage('open-webui', {
        kind: role === 'user' ? 'human' : role === 'assistant' ? 'character' : 'narrator',
        name: role === 'assistant' ? name : '',
        text: words,
        reasoning: thoughts,
        hidden: role !== 'user' && role !== 'assistant',
        createdAt: rest['timestamp'],
        foreign: { message: { role, ...rest } },
      }),
    };
  });
  const nodes = orderTree(entries, asText(history['currentId']) || entries.at(-1)?.id || null);
  if (nodes.length === 0) return null;
  const { history: _history, messages: _messages, ...keptChat } = chat;
  const { chat: _chat, ...kept } = item;
  return {
    head: documentHead('open-webui', {
      title: item['title'] ?? chat['title'],
      characterName: model || models.find(Boolean) || 'Open WebUI',
      createdAt: item['created_at'] ?? chat['timestamp'],
      identity: item['id'],
      foreign: { item: kept, chat: keptChat },
    }),
    nodes,
  };
}

/** Older exports are lists, each below the one before. */
function listed(messages: unknown): JsonObject[] {
  return asArray(messages)
    .filter(isObject)
    .map((message, index) => ({ ...message, id: `${index}`, parentId: index === 0 ? null : `${index - 1}` }));
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return asArray(content)
    .map((part) => asText(asObject(part)['text']))
    .filter(Boolean)
    .join('\n\n');
}

/** Thoughts are written into the text as a folded block. */
function splitDetails(content: string): { thoughts: string; words: string } {
  const match = /^\s*<details type="reasoning"[^>]*>\s*(?:<summary>[^<]*<\/summary>)?([\s\S]*?)<\/details>\s*/.exec(
    content,
  );
  if (!match) return { thoughts: '', words: content };
  const thoughts = (match[1] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(?:>|&gt;) ?/, ''))
    .join('\n');
  return { thoughts, words: content.slice(match[0].length) };
}
