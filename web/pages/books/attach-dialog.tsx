import { Modal } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoreLink, LoreTarget } from '../../../contract/lore.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery, conversationsQuery } from '../../state/queries.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { personasQuery } from '../personas/persona-queries.ts';
import classes from './book-links.module.css';

export interface AttachDialogProps {
  title: string;
  /** Not offered again. */
  taken: readonly LoreTarget[];
  /** Which kinds are offered; by default all. */
  kinds?: readonly LoreTarget['kind'][];
  /** Leaves out characters that cannot be changed. */
  ownOnly?: boolean;
  onPick: (target: LoreLink) => void;
  onClose: () => void;
}

/** Choices shown; a search finds the rest. */
const SHOWN = 60;
const KINDS = ['character', 'conversation', 'persona'] as const;

/** Chooses a character, conversation or persona by name. */
export function AttachDialog({ title, taken, kinds = KINDS, ownOnly = false, onPick, onClose }: AttachDialogProps) {
  const { t } = useTranslation(['books', 'common']);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const all = useTargets({ wanted, ownOnly }).filter(({ kind }) => kinds.includes(kind));
  const isTaken = (target: LoreTarget) => taken.some(({ kind, id }) => kind === target.kind && id === target.id);
  const free = all.filter((target) => !isTaken(target));
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common:close') }} centered>
      <SearchField
        id="attach-search"
        label={t('books:links.pickSearch')}
        clearLabel={t('books:searchClear')}
        value={search}
        onChange={setSearch}
      />
      {free.length === 0 && (
        <p className={classes['hint']}>{t(wanted === '' ? 'books:links.pickEmpty' : 'books:links.pickNothing')}</p>
      )}
      <ul className={classes['choices']}>
        {free.slice(0, SHOWN).map((target) => (
          <li key={`${target.kind} ${target.id}`}>
            <button type="button" onClick={() => onPick(target)}>
              <span className={classes['kind']}>
                {t(`books:links.${target.kind === 'user' ? 'everywhere' : target.kind}`)}
              </span>
              <span className={classes['name']}>{target.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function useTargets({ wanted, ownOnly }: { wanted: string; ownOnly: boolean }): LoreLink[] {
  const characters = useQuery(charactersQuery(currentLocale())).data ?? [];
  const conversations =
    useInfiniteQuery(conversationsQuery({ search: wanted })).data?.pages.flatMap((page) => page.conversations) ?? [];
  const personas = useQuery(personasQuery).data ?? [];
  const named = [
    ...characters
      .filter(({ mine }) => mine || !ownOnly)
      .map(({ id, name }) => ({ kind: 'character' as const, id, name })),
    ...personas.map(({ id, name, title }) => ({
      kind: 'persona' as const,
      id,
      name: title === '' ? name : `${name} (${title})`,
    })),
  ].filter(({ name }) => name.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()));
  return [...named, ...conversations.map(({ id, title }) => ({ kind: 'conversation' as const, id, name: title }))];
}
