import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../../contract/characters.ts';
import type { Locale } from '../../../../contract/common.ts';
import { api } from '../../../state/api.ts';
import { currentLocale } from '../../../state/i18n.ts';
import { IconCheck } from '../../../ui/icons.ts';
import { Scene } from '../../../ui/scene.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import classes from './character-picker.module.css';

/** Characters shown at once; whoever looks for another types its name. */
const SHOWN = 60;

const pickQuery = (search: string, locale: Locale) =>
  queryOptions({
    queryKey: ['characters', 'pick', search, locale],
    queryFn: async ({ signal }) =>
      (
        await api.call('library', {
          query: { locale, sort: 'recent', limit: SHOWN, search: search === '' ? undefined : search },
          signal,
        })
      ).characters,
    placeholderData: keepPreviousData,
  });

export interface CharacterPickerProps {
  /** Marked; the order is that of choosing. */
  chosen: readonly string[];
  /** Already there: not offered. */
  without?: ReadonlySet<string>;
  onPick: (character: CharacterSummary) => void;
}

/** The library, to choose from by name. */
export function CharacterPicker({ chosen, without, onPick }: CharacterPickerProps) {
  const { t } = useTranslation('room');
  const [search, setSearch] = useState('');
  const id = useId();
  const { data: characters = [], isSuccess } = useQuery(pickQuery(useDeferredValue(search.trim()), currentLocale()));
  const offered = characters.filter((character) => without?.has(character.id) !== true);
  return (
    <div>
      <SearchField id={id} label={t('pick.search')} clearLabel={t('pick.clear')} value={search} onChange={setSearch} />
      {isSuccess && offered.length === 0 && <p className={classes['none']}>{t('pick.none')}</p>}
      <ul className={classes['list']}>
        {offered.map((character) => {
          const place = chosen.indexOf(character.id);
          return (
            <li key={character.id}>
              <button type="button" aria-pressed={place >= 0} onClick={() => onPick(character)}>
                <span className={classes['face']}>
                  <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
                </span>
                <span className={classes['words']}>
                  <b>{character.name}</b>
                  <small>{character.tagline}</small>
                </span>
                {place >= 0 && <IconCheck size={18} aria-hidden />}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
