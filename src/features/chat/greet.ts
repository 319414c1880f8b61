import { localeSchema } from '../../../contract/common.ts';
import type { CreateConversation } from '../../../contract/conversations.ts';
import { localizeCard, type CardText } from '../../character/card.ts';
import type { CharacterRecord } from '../../character/character-store.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import { appendToPath, routePathThrough } from '../../conversation/conversation-tree.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import { standAt } from './begin-in-world.ts';
import type { ChatContext } from './chat-context.ts';
import { greetingText } from './greeting-text.ts';

/**
 * Every greeting of the card is a first message; the path begins with the one asked for, else with the first. Greetings
 * for groups only (Character Card V3, `group_only_greetings`) are offered where there are `others`, and the first of
 * them begins there. Returns the id of the path's end.
 */
export async function greet(
  { newId, search }: Pick<ChatContext, 'newId' | 'search'>,
  trx: Trx,
  {
    record,
    character,
    others,
    userName,
    greeting,
    scene,
  }: {
    record: ConversationRecord;
    character: CharacterRecord;
    others: readonly CharacterRecord[];
    userName: string;
    greeting: number | undefined;
    scene: CreateConversation['scene'];
  },
): Promise<string | null> {
  const locale = localeSchema.parse(record.locale);
  const told = { conversationId: record.id, userName, locale, now: record.createdAt };
  const said = ({ id, version }: CharacterRecord, textsOf: (card: CardText) => readonly string[]): MessageNode[] => {
    const card = localizeCard(version.card, locale);
    return textsOf(card).map((text) => ({
      ...blankMessage({ id: newId(), conversationId: record.id, parent: null, createdAt: record.createdAt }),
      author: { kind: 'character', id, name: card.name },
      parts: [{ type: 'text', text: greetingText(text, { ...told, card }) }],
    }));
  };
  const own = said(character, ({ greetings }) => greetings);
  const group = others.length > 0 ? [character, ...others] : [];
  const forGroup = group.flatMap((each) => said(each, () => groupGreetingsOf(each)));
  const greetings = [...own, ...forGroup];
  for (const node of greetings) {
    const placed = await standAt(trx, { node, scene });
    await appendToPath(trx, { conversation: record, nodes: [placed] });
    await search.put(trx, { id: node.id, conversationId: record.id, text: textOf(node.parts) });
  }
  const first = (greeting === undefined ? forGroup[0] : own[greeting]) ?? greetings[0];
  return first ? routePathThrough(trx, { conversation: record, nodeId: first.id }) : null;
}

function groupGreetingsOf({ version }: CharacterRecord): string[] {
  return version.card.data.group_only_greetings.filter((text) => text.trim() !== '');
}
