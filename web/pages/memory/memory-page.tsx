import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../contract/characters.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterQuery } from '../../state/queries.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { FactList } from './fact-list.tsx';
import { MemoryDates } from './memory-dates.tsx';
import { MemoryDiary } from './memory-diary.tsx';
import { MemoryHead } from './memory-head.tsx';
import classes from './memory-page.module.css';
import { MemoryPortraitView } from './memory-portrait.tsx';
import type { MemorySearch } from './memory-search.ts';
import { MemorySearchResults } from './memory-search-results.tsx';
import { MemorySettingsView } from './memory-settings.tsx';
import { MemoryTimelineView } from './memory-timeline.tsx';
import { MemoryViews } from './memory-views.tsx';

const route = getRouteApi('/inside/frame/characters/$characterId/memory');

/** What a character remembers of the reader: to be read, searched, corrected and forgotten. */
export function MemoryPage() {
  const { t } = useTranslation('memory');
  const { characterId } = route.useParams();
  const search = route.useSearch();
  const query = useQuery(characterQuery(characterId, currentLocale()));
  usePageTitle(query.data === undefined ? t('title') : t('titleOf', { name: query.data.name }));
  if (query.isError) return <NotFoundPage />;
  if (query.data === undefined) return <LoadingPage />;
  return <Memory character={query.data} search={search} />;
}

function Memory({ character, search }: { character: Character; search: MemorySearch }) {
  const { t } = useTranslation('memory');
  const navigate = useNavigate();
  const words = search.search ?? '';
  const setSearch = (text: string) =>
    void navigate({
      to: '/characters/$characterId/memory',
      params: { characterId: character.id },
      search: { ...search, search: text === '' ? undefined : text },
      replace: true,
    });
  return (
    <div className={classes['page']}>
      <MemoryHead character={character} />
      <SearchField
        id="memory-search"
        label={t('search.label')}
        clearLabel={t('search.clear')}
        value={words}
        onChange={setSearch}
      />
      {words.trim() === '' ? (
        <>
          <MemoryViews characterId={character.id} name={character.name} current={search.view ?? 'portrait'} />
          <CurrentView character={character} search={search} />
        </>
      ) : (
        <MemorySearchResults characterId={character.id} words={words.trim()} />
      )}
    </div>
  );
}

function CurrentView({ character, search }: { character: Character; search: MemorySearch }) {
  const { id, name } = character;
  switch (search.view) {
    case undefined:
    case 'portrait':
      return <MemoryPortraitView characterId={id} name={name} />;
    case 'timeline':
      return <MemoryTimelineView characterId={id} name={name} />;
    case 'list':
      return <FactList characterId={id} name={name} about={search.about} shelf={search.shelf ?? 'known'} />;
    case 'diary':
      return <MemoryDiary characterId={id} name={name} />;
    case 'dates':
      return <MemoryDates characterId={id} name={name} />;
    case 'settings':
      return <MemorySettingsView characterId={id} name={name} />;
    default:
      return search.view satisfies never;
  }
}
