import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchHit, SearchPlace } from '../../../contract/search.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { currentLocale } from '../../state/i18n.ts';
import { usePaletteCommands, type PaletteCommand } from '../../state/palette.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import { OtherBranch } from './find-bar.tsx';
import { MarkedExcerpt } from './marked-excerpt.tsx';
import classes from './search.module.css';

export interface PaletteOption {
  key: string;
  shown: ReactNode;
  run: () => void;
}

export interface PaletteGroup {
  name: string;
  options: PaletteOption[];
}

/** Rows of each kind. */
const FEW = 5;
const HITS = 8;

/** What the palette offers for some words, in the order in which it is shown. */
export function usePaletteOptions(words: string): { groups: PaletteGroup[]; searching: boolean } {
  const { t } = useTranslation('search');
  const navigate = useNavigate();
  const { start } = useStartConversation();
  const locale = currentLocale();
  const query = useQuery({
    queryKey: ['search', 'palette', words, locale],
    queryFn: ({ signal }) => findAll(words, { locale, signal }),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  const found = query.data;
  const groups: PaletteGroup[] = [
    {
      name: t('group.conversations'),
      options: (found?.conversations ?? []).map(({ id, title, preview }) => ({
        key: `c-${id}`,
        shown: <Line name={title} more={preview} />,
        run: () => void navigate({ to: '/c/$conversationId', params: { conversationId: id } }),
      })),
    },
    {
      name: t('group.characters'),
      options: (found?.characters ?? []).map(({ id, name, tagline }) => ({
        key: `k-${id}`,
        shown: <Line name={t('talkTo', { name })} more={tagline} />,
        run: () => void start(id),
      })),
    },
    {
      name: t('group.messages'),
      options: [
        ...(found?.hits ?? []).map((hit) => ({
          key: `m-${hit.messageId}`,
          shown: <HitLine hit={hit} place={found?.places.find(({ id }) => id === hit.conversationId)} />,
          run: () =>
            void navigate({
              to: '/c/$conversationId',
              params: { conversationId: hit.conversationId },
              search: { message: hit.messageId, find: words },
            }),
        })),
        ...(words === ''
          ? []
          : [
              {
                key: 'all',
                shown: t('allMessages', { words }),
                run: () => void navigate({ to: '/search', search: { q: words } }),
              },
            ]),
      ],
    },
    { name: t('group.commands'), options: useCommandOptions(words) },
  ];
  return { groups: groups.filter(({ options }) => options.length > 0), searching: query.isFetching };
}

/** What was added to the palette, and the places of the house. */
function useCommandOptions(words: string): PaletteOption[] {
  const { t } = useTranslation('common');
  const navigate = useNavigate();
  const low = words.toLowerCase();
  const isNamed = (text: string) => text.toLowerCase().includes(low);
  const places = [
    { id: 'characters', name: t('nav.characters'), run: () => void navigate({ to: '/characters' }) },
    { id: 'settings', name: t('nav.settings'), run: () => void navigate({ to: '/settings' }) },
  ];
  return [...usePaletteCommands(), ...places.map((place): PaletteCommand => ({ ...place, id: `to-${place.id}` }))]
    .filter(({ name, keywords = '' }) => isNamed(name) || (keywords !== '' && isNamed(keywords)))
    .map(({ id, name, run }) => ({ key: `x-${id}`, shown: name, run }));
}

async function findAll(words: string, { locale, signal }: { locale: 'en' | 'zh-CN'; signal: AbortSignal }) {
  const search = words === '' ? undefined : words;
  const [list, library, said] = await Promise.all([
    api.call('conversations', { query: { search, limit: FEW }, signal }),
    api.call('library', { query: { locale, search, sort: 'recent', limit: FEW }, signal }),
    search === undefined ? null : api.call('searchMessages', { query: { q: search, limit: HITS }, signal }),
  ]);
  const { hits, places } = said ?? { hits: [], places: [] };
  return { conversations: list.conversations, characters: library.characters, hits, places };
}

function Line({ name, more }: { name: string; more: string }) {
  return (
    <>
      <span className={classes['hitHead']}>
        <b>{name}</b>
      </span>
      {more !== '' && <span className={classes['excerpt']}>{more}</span>}
    </>
  );
}

/** Who said it, where and when, and the words around it. */
export function HitLine({ hit, place }: { hit: SearchHit; place: SearchPlace | undefined }) {
  return (
    <>
      <span className={classes['hitHead']}>
        <b>{hit.author.name}</b>
        {place !== undefined && <i>{place.title}</i>}
        <time dateTime={new Date(hit.createdAt).toISOString()}>{formatDateTime(hit.createdAt)}</time>
        {!hit.onPath && <OtherBranch />}
      </span>
      <MarkedExcerpt excerpt={hit.excerpt} />
    </>
  );
}
