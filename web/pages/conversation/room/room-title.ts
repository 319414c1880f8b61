import type { Conversation } from '../../../../contract/conversations.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { currentLocale } from '../../../state/i18n.ts';

/** Names that fit into a title; the others are counted by whoever looks. */
const MOST_NAMES = 4;

/** Those who belong to it now, in the order of the list. */
export function membersOf({ participants }: Pick<Conversation, 'participants'>): Participant[] {
  return participants.filter(({ leftAt }) => leftAt === null);
}

/** What a conversation is called: the title it was given, else the names of its characters. */
export function titleOf(conversation: Pick<Conversation, 'title' | 'titled' | 'room' | 'participants'>): string {
  if (conversation.titled || conversation.room === null) return conversation.title;
  const names = membersOf(conversation).flatMap(({ kind, name }) => (kind === 'character' ? [name] : []));
  return names.length === 0 ? conversation.title : listNames(names.slice(0, MOST_NAMES));
}

/** “Mira, Yun and Orrin” in the language of the page. */
export function listNames(names: readonly string[]): string {
  return new Intl.ListFormat(currentLocale(), { type: 'conjunction' }).format(names);
}
