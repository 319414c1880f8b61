import type { MacroChat } from './macro-context.ts';
import { plain, type MacroDefinition, type MacroTable } from './macro-definition.ts';

function fact(read: (chat: MacroChat) => string | number | undefined): MacroDefinition {
  return plain(({ context }) => String(read(context.chat ?? {}) ?? ''), { volatile: true });
}

const lastPlace = ({ lastMessageId, messageCount }: MacroChat) =>
  lastMessageId ?? (messageCount ? messageCount - 1 : undefined);

/** What was said. */
export const chatMacros: MacroTable = {
  lastmessage: fact((chat) => chat.lastMessage),
  lastusermessage: fact((chat) => chat.lastUserMessage),
  lastcharmessage: fact((chat) => chat.lastCharMessage),
  lastmessageid: fact(lastPlace),
  firstincludedmessageid: fact((chat) => chat.firstIncludedMessageId),
  firstdisplayedmessageid: fact((chat) => chat.firstDisplayedMessageId),
  allchatrange: fact((chat) => {
    const last = lastPlace(chat);
    return last === undefined ? undefined : `0-${last}`;
  }),
  lastswipeid: fact((chat) => chat.lastSwipeId),
  currentswipeid: fact((chat) => chat.currentSwipeId),
};
