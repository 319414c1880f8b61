import { useQueries } from '@tanstack/react-query';
import type { CardPicture } from '../../../../contract/character-fields.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import { characterQuery, characterVersionQuery } from '../../../state/queries.ts';

/** Somebody on the stage, with the faces that the card brings. */
export interface CastMember {
  characterId: string;
  name: string;
  pictureUrl: string | null;
  expressions: readonly CardPicture[];
}

/** The characters that are there, in their order; a card that the reader may not read shows its portrait. */
export function useCast({ character, participants, locale, mine }: Conversation): readonly CastMember[] {
  const there = participants.filter(({ kind, present }) => kind === 'character' && present);
  const members =
    there.length > 0
      ? there.map(({ subjectId, name, pictureUrl }) => ({ characterId: subjectId, name, pictureUrl }))
      : [{ characterId: character.id, name: character.name, pictureUrl: character.pictureUrl }];
  const others = useQueries({
    queries: members.map(({ characterId }) => ({
      ...characterQuery(characterId, locale),
      enabled: mine && characterId !== character.id,
    })),
  });
  const versionIds = members.map(({ characterId }, index) =>
    characterId === character.id ? character.versionId : others[index]?.data?.versionId,
  );
  const versions = useQueries({
    queries: members.map(({ characterId }, index) => ({
      ...characterVersionQuery(characterId, versionIds[index] ?? '', locale),
      enabled: mine && versionIds[index] !== undefined,
    })),
  });
  return members.map((member, index) => ({
    ...member,
    expressions: versions[index]?.data?.pictures.filter(({ type }) => type === 'emotion') ?? [],
  }));
}
