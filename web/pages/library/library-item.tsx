import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MouseEvent } from 'react';
import type { LibraryCharacter } from '../../../contract/library.ts';
import { IconHeart, IconHeartFilled } from '../../ui/icons.ts';
import { Scene } from '../../ui/scene.tsx';
import classes from './library-list.module.css';
import type { Selection } from '../../ui/use-selection.ts';
import { useFavourite } from './use-favourite.ts';
import { useLongPress } from '../../ui/use-long-press.ts';

export type LibraryView = 'grid' | 'list';

export interface LibraryItemProps {
  character: LibraryCharacter;
  view: LibraryView;
  selection: Selection;
}

/** A character in the list: opens its page, or is chosen while one chooses. */
export function LibraryItem({ character, view, selection }: LibraryItemProps) {
  const { t } = useTranslation('library');
  const { id, name } = character;
  const chosen = selection.ids.has(id);
  const { handlers, takeWasLong } = useLongPress(() => selection.toggle(id));

  function onClick(event: MouseEvent): void {
    const isLong = takeWasLong();
    const chooses = selection.active || event.shiftKey || event.ctrlKey || event.metaKey;
    if (!chooses && !isLong) return;
    event.preventDefault();
    if (!isLong) selection.toggle(id, { range: event.shiftKey });
  }

  return (
    <div className={classes['item']} data-view={view} data-chosen={chosen} data-choosing={selection.active}>
      <Link
        to="/characters/$characterId"
        params={{ characterId: id }}
        className={view === 'grid' ? classes['tile'] : classes['row']}
        draggable={false}
        onClick={onClick}
        {...handlers}
      >
        {view === 'grid' ? <TileFace character={character} /> : <RowFace character={character} />}
      </Link>
      <label className={classes['choose']}>
        <input
          type="checkbox"
          checked={chosen}
          aria-label={t('choose', { name })}
          onChange={() => undefined}
          onClick={(event) => selection.toggle(id, { range: event.shiftKey })}
        />
      </label>
      <FavouriteButton character={character} />
    </div>
  );
}

function TileFace({ character }: { character: LibraryCharacter }) {
  return (
    <>
      <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
      <span className={classes['words']}>
        <b>{character.name}</b>
        <span>{character.tagline}</span>
      </span>
    </>
  );
}

function RowFace({ character }: { character: LibraryCharacter }) {
  const { t } = useTranslation('library');
  const tags = [...character.ownTags, ...character.tags].slice(0, 4);
  return (
    <>
      <span className={classes['thumb']}>
        <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
      </span>
      <span className={classes['rowWords']}>
        <b>{character.name}</b>
        <span>{character.tagline}</span>
      </span>
      <span className={classes['rowTags']}>
        {character.hasLore && <span>{t('lore')}</span>}
        {tags.map((tag) => (
          <span key={tag}>{tag}</span>
        ))}
      </span>
    </>
  );
}

function FavouriteButton({ character }: { character: LibraryCharacter }) {
  const { t } = useTranslation('library');
  const favour = useFavourite();
  const { favourite, name } = character;
  return (
    <button
      type="button"
      className={classes['heart']}
      aria-pressed={favourite}
      aria-label={t('favour', { name })}
      onClick={() => void favour(character)}
    >
      {favourite ? <IconHeartFilled size={20} aria-hidden /> : <IconHeart size={20} aria-hidden />}
    </button>
  );
}
