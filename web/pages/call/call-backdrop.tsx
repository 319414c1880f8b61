import { useQuery } from '@tanstack/react-query';
import type { Conversation } from '../../../contract/conversations.ts';
import { characterVersionQuery } from '../../state/queries.ts';
import { Scene } from '../../ui/scene.tsx';
import classes from './call-page.module.css';

/** The character's own background where the card brings one, else the portrait, from edge to edge. */
export function CallBackdrop({ conversation }: { conversation: Conversation }) {
  const { character, locale } = conversation;
  const { data } = useQuery(characterVersionQuery(character.id, character.versionId, locale));
  const backgrounds = data?.pictures.filter(({ type }) => type === 'background') ?? [];
  const background = backgrounds.find(({ name }) => name === 'main') ?? backgrounds[0];
  return (
    <>
      <div className={classes['backdrop']} aria-hidden>
        <Scene pictureUrl={background?.url ?? character.pictureUrl} alt="" seed={character.id} />
      </div>
      <div className={classes['scrim']} aria-hidden />
    </>
  );
}
