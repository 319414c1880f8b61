import { localeSchema, type Locale } from '../../../contract/common.ts';
import { NotFoundError } from '../../base/errors.ts';
import { localizeCard, type CardText } from '../../character/card.ts';
import { readCharacterVersion, type CharacterRecord } from '../../character/character-store.ts';
import { resolvePersona, type PersonaRecord } from '../../character/persona-store.ts';
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
  /** Who the person is here; null where no persona applies. */
  persona: PersonaRecord | null;
}

export async function readCast(
  { storage, people }: Pick<ChatContext, 'storage' | 'people'>,
  conversation: ConversationRecord,
): Promise<Cast> {
  const character = await readCharacterVersion(storage.db, conversation.characterVersionId);
  if (!character) throw new NotFoundError('The character of this conversation is missing.');
  const locale = localeSchema.parse(conversation.locale);
  const card = localizeCard(character.version.card, locale);
  const { userName, persona } = await readPerson({ storage, people }, { ...conversation, locale });
  return { character, card, locale, charName: card.name, userName, persona };
}

/** Who the person is, and what they are called: by the persona's name, else by the account's. */
export async function readPerson(
  { storage, people }: Pick<ChatContext, 'storage' | 'people'>,
  {
    ownerId,
    personaId,
    characterId,
    locale,
  }: Pick<ConversationRecord, 'ownerId' | 'personaId' | 'characterId'> & { locale: Locale },
): Promise<{ userName: string; persona: PersonaRecord | null }> {
  const question = { ownerId, conversationPersonaId: personaId, characterId };
  const persona = await resolvePersona(storage.db, question);
  const name = persona?.name ?? (await people.nameOf(ownerId));
  return { userName: name || housePrompt(locale).defaultUser, persona };
}
