import { localeSchema, type Locale } from '../../../contract/common.ts';
import { NotFoundError } from '../../base/errors.ts';
import { localizeCard, type CardText } from '../../character/card.ts';
import { readCharacterVersion, type CharacterRecord } from '../../character/character-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { housePrompt } from '../../turn/house-prompt.ts';
import type { ChatContext } from './chat-context.ts';

/** Who speaks in a conversation, and in which language. */
export interface Cast {
  character: CharacterRecord;
  card: CardText;
  locale: Locale;
  charName: string;
  userName: string;
}

export async function readCast(
  { storage, people }: Pick<ChatContext, 'storage' | 'people'>,
  conversation: ConversationRecord,
): Promise<Cast> {
  const character = await readCharacterVersion(storage.db, conversation.characterVersionId);
  if (!character) throw new NotFoundError('The character of this conversation is missing.');
  const locale = localeSchema.parse(conversation.locale);
  const card = localizeCard(character.version.card, locale);
  const name = await people.nameOf(conversation.ownerId);
  return { character, card, locale, charName: card.name, userName: name || housePrompt(locale).defaultUser };
}
