import type { Conversation } from '../../../contract/conversations.ts';
import { roomSettingsSchema, type RoomSettings } from '../../../contract/rooms.ts';
import { localizeCard } from '../../../src/character/card.ts';
import { readCharacter } from '../../../src/character/character-store.ts';
import { changeConversation } from '../../../src/conversation/conversation-store.ts';
import {
  changeParticipant,
  insertParticipant,
  listParticipants,
  type ParticipantRecord,
} from '../../../src/conversation/participant-store.ts';
import type { ChatHouse } from './open-house.ts';

/** A room of starters with everybody there from the beginning, laid by hand: turn taking is what its tests are about. */
export interface Room {
  id: string;
  conversation: Conversation;
  /** The human's seat. */
  seatId: string;
  /** Participants by the character's short name: `mira`, `wren`, … */
  seats: Record<string, string>;
}

/** `characters`: short names of starters, the first of them is the one the conversation begins with. */
export async function openRoom(
  { app, owner }: Pick<ChatHouse, 'app' | 'owner'>,
  {
    characters = ['mira', 'wren', 'tomas'],
    settings = {},
    change = {},
    locale = 'en',
  }: {
    characters?: readonly [string, ...string[]];
    settings?: Partial<RoomSettings>;
    /** Over what each participant begins with, by short name. */
    change?: Record<string, Partial<Pick<ParticipantRecord, 'muted' | 'talkativeness' | 'position'>>>;
    locale?: 'en' | 'zh-CN';
  } = {},
): Promise<Room> {
  const [lead, ...others] = characters;
  const { id } = await owner.begin(`starter-${lead}`, { locale });
  const { storage, clock, accounts } = app;
  const actor = accounts.terminalActor;
  await setRoom({ app }, id, settings);
  await storage.transaction(async (trx) => {
    for (const [index, name] of others.entries()) {
      const character = await readCharacter(trx, { id: `starter-${name}`, userId: actor.userId });
      if (!character) throw new Error(`There is no starter ${name}.`);
      const seat = { id: `${id}-${name}`, conversationId: id, kind: 'character' as const, subjectId: character.id };
      const { version } = character;
      await insertParticipant(trx, {
        ...seat,
        name: localizeCard(version.card, locale).name,
        createdAt: clock.now(),
        characterVersionId: version.id,
        position: index + 1,
      });
    }
  });
  const participants = await listParticipants(storage.db, id);
  const seats = Object.fromEntries(
    participants
      .filter(({ kind }) => kind === 'character')
      .map((one) => [one.subjectId.replace('starter-', ''), one.id]),
  );
  for (const [name, wanted] of Object.entries(change)) {
    await storage.transaction((trx) => changeParticipant(trx, { id: seats[name] ?? '', change: wanted }));
  }
  const seatId = participants.find(({ kind }) => kind === 'human')?.id ?? '';
  return { id, conversation: await owner.conversation(id), seatId, seats };
}

/** How the room goes from now on. */
export async function setRoom(
  { app }: Pick<ChatHouse, 'app'>,
  id: string,
  settings: Partial<RoomSettings>,
): Promise<void> {
  const room = JSON.stringify(roomSettingsSchema.parse(settings));
  const { userId } = app.accounts.terminalActor;
  await app.storage.transaction((trx) => changeConversation(trx, { id, ownerId: userId, change: { room } }));
}
