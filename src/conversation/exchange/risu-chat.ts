import { documentHead, looseMessage, type LooseMessage, type ReadDocument } from './chat-document.ts';
import { orderChain } from './order-tree.ts';
import { asArray, asText, isObject, type JsonObject } from './safe-json.ts';

/** One chat of RisuAI (`risuChat`, or an element of `risuAllChats`): `message[]{role, data, time?, saying?}`. */
export function readRisuChat(chat: JsonObject): ReadDocument | null {
  const messages = asArray(chat['message'])
    .filter(isObject)
    .flatMap((message): LooseMessage[] => {
      const { role, data, ...rest } = message;
      if (typeof data !== 'string') return [];
      const { thoughts, words } = splitThoughts(data);
      return [
        looseMessage('risu', {
          kind: role === 'user' ? 'human' : 'character',
          text: words,
          reasoning: thoughts,
          hidden: rest['disabled'] === true,
          createdAt: rest['time'],
          foreign: { message: { role, ...rest } },
        }),
      ];
    });
  if (messages.length === 0) return null;
  const { message: _, ...foreign } = chat;
  return {
    head: documentHead('risu', {
      title: chat['name'],
      createdAt: messages.find(({ createdAt }) => createdAt !== null)?.createdAt,
      identity: asText(chat['id']),
      foreign: { chat: foreign },
    }),
    nodes: orderChain(messages),
  };
}

/** RisuAI keeps a model's thoughts in `<Thoughts>` before its words. */
function splitThoughts(data: string): { thoughts: string; words: string } {
  const match = /^\s*<Thoughts>([\s\S]*?)<\/Thoughts>\s*/.exec(data);
  if (!match) return { thoughts: '', words: data };
  return { thoughts: (match[1] ?? '').trim(), words: data.slice(match[0].length) };
}
