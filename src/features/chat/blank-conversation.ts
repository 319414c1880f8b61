import type { Locale } from '../../../contract/common.ts';
import type { CharacterRecord } from '../../character/character-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';

/** A conversation between two in which nothing was said yet. */
export function blankConversation({
  id,
  ownerId,
  character,
  locale,
  now,
}: {
  id: string;
  ownerId: string;
  character: CharacterRecord;
  locale: Locale;
  now: number;
}): ConversationRecord {
  return {
    id,
    ownerId,
    characterId: character.id,
    characterVersionId: character.version.id,
    locale,
    title: null,
    leafId: null,
    revision: 0,
    messageCount: 0,
    preview: '',
    model: null,
    preset: 'model',
    personaId: null,
    promptPresetId: null,
    authorsNote: null,
    foreign: null,
    memory: 'on',
    room: null,
    worldId: null,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
