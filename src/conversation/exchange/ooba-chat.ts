import { documentHead, looseMessage, type LooseMessage, type ReadDocument } from './chat-document.ts';
import { orderChain } from './order-tree.ts';
import { asArray, asText, type JsonObject } from './safe-json.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&#39;': "'",
};

/** text-generation-webui: `data_visible[[user, character]]`, in newer versions `visible`; escaped for its page. */
export function readOobaChat(document: JsonObject): ReadDocument | null {
  const rows = asArray(document['data_visible'] ?? document['visible'] ?? document['data'] ?? document['internal']);
  const messages = rows.flatMap((row): LooseMessage[] => {
    const [user, character] = asArray(row).map((cell) => unescapeHtml(asText(cell)));
    return [
      ...(user && !user.startsWith('<|BEGIN-VISIBLE-CHAT|>')
        ? [looseMessage('ooba', { kind: 'human', text: user })]
        : []),
      ...(character ? [looseMessage('ooba', { kind: 'character', text: character })] : []),
    ];
  });
  if (messages.length === 0) return null;
  return { head: documentHead('ooba', {}), nodes: orderChain(messages) };
}

function unescapeHtml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
