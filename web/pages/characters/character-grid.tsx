import { Link } from '@tanstack/react-router';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { Scene } from '../../ui/scene.tsx';
import classes from './character-grid.module.css';

export function CharacterGrid({ characters }: { characters: readonly CharacterSummary[] }) {
  return (
    <ul className={classes['grid']}>
      {characters.map((character) => (
        <li key={character.id}>
          <Link to="/characters/$characterId" params={{ characterId: character.id }} className={classes['tile']}>
            <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
            <span className={classes['words']}>
              <b>{character.name}</b>
              <span>{character.tagline}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
