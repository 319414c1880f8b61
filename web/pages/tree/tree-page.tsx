import { SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { Conversation } from '../../../contract/conversations.ts';
import type { ConversationTree } from '../../../contract/branches.ts';
import { formatNumber } from '../../state/format.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { BranchMarks } from './branch-marks.tsx';
import { RunPreview } from './run-preview.tsx';
import { TreeMap } from './tree-map.tsx';
import { runsNamed, toTreeModel, type TreeModel } from './tree-model.ts';
import { TreeOutline } from './tree-outline.tsx';
import classes from './tree-page.module.css';
import { conversationQuery, treeMatchesQuery, treeQuery } from './tree-queries.ts';

const route = getRouteApi('/inside/frame/c/$conversationId/map');

/** All branches of a conversation: to be walked, searched, named, compared and gone on from. */
export function TreePage() {
  const { t } = useTranslation('tree');
  const { conversationId } = route.useParams();
  const conversation = useQuery(conversationQuery(conversationId));
  const tree = useQuery(treeQuery(conversationId));
  usePageTitle(t('title'));
  if (conversation.isError || tree.isError) return <NotFoundPage />;
  if (conversation.data === undefined || tree.data === undefined) return <LoadingPage />;
  return <Tree conversation={conversation.data} tree={tree.data} />;
}

function Tree({ conversation, tree }: { conversation: Conversation; tree: ConversationTree }) {
  const narrow = useIsNarrow();
  const search = route.useSearch();
  const model = useMemo(() => toTreeModel(tree), [tree]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [shown, setShown] = useState(false);
  const found = useFound(conversation.id, { model, words: search.search ?? '' });
  const view = search.view ?? (narrow ? 'outline' : 'map');
  // The tree may have become smaller since something was chosen.
  const selected = chosen !== null && chosen < tree.runs.length ? chosen : Math.max(model.here, 0);
  const choose = (place: number) => {
    setChosen(place);
    setShown(true);
  };
  const walking = { model, selected, found: found.places, onSelect: setChosen, onChoose: choose };
  // Whoever walks on quickly is not shown every place on the way.
  const [seen] = useDebouncedValue(selected, 150);
  const preview = <RunPreview key={tree.runs[seen]?.id} {...{ conversation, model }} place={seen} />;
  return (
    <div className={classes['page']} data-view={view}>
      <TreeHead {...{ conversation, tree, view }} words={search.search ?? ''} found={found.count} />
      <BranchMarks conversation={conversation} model={model} onShow={choose} />
      <div className={classes['body']}>
        {view === 'map' ? <TreeMap {...walking} /> : <TreeOutline {...walking} lang={conversation.locale} />}
        {!narrow && <aside className={classes['aside']}>{preview}</aside>}
      </div>
      {narrow && shown && <PreviewSheet onClose={() => setShown(false)}>{preview}</PreviewSheet>}
    </div>
  );
}

function PreviewSheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation('tree');
  return (
    <Sheet title={t('preview')} onClose={onClose}>
      {children}
    </Sheet>
  );
}

interface Found {
  /** Null while nothing is searched. */
  places: ReadonlySet<number> | null;
  count: number | null;
}

/** The runs in which the searched words stand, or whose names have them. */
function useFound(conversationId: string, { model, words }: { model: TreeModel; words: string }): Found {
  const { data } = useQuery(treeMatchesQuery(conversationId, words));
  return useMemo(() => {
    if (words.trim() === '') return { places: null, count: null };
    const said = data?.revision === model.tree.revision ? data.matches.map(({ run }) => run) : [];
    const places = new Set([...runsNamed(model, words), ...said].toSorted((a, b) => a - b));
    return { places, count: data === undefined ? null : places.size };
  }, [data, model, words]);
}

interface TreeHeadProps {
  conversation: Conversation;
  tree: ConversationTree;
  view: 'map' | 'outline';
  words: string;
  found: number | null;
}

function TreeHead({ conversation, tree, view, words, found }: TreeHeadProps) {
  const { t } = useTranslation('tree');
  const navigate = useNavigate();
  const search = route.useSearch();
  const params = { conversationId: conversation.id };
  const go = (change: { view?: 'map' | 'outline'; search?: string | undefined }) =>
    void navigate({
      to: '/c/$conversationId/map',
      params,
      search: { ...search, ...change },
      replace: true,
    });
  const totals = { messages: formatNumber(tree.messages), runs: formatNumber(tree.runs.length) };
  return (
    <header className={classes['head']}>
      <div className={classes['titles']}>
        <Link to="/c/$conversationId" params={params} className={classes['back']} aria-label={t('backToTalk')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <div>
          <h1>{t('title')}</h1>
          <p>{t('total', { ...totals, count: tree.messages })}</p>
        </div>
        <SegmentedControl
          aria-label={t('view')}
          value={view}
          data={[
            { value: 'map', label: t('views.map') },
            { value: 'outline', label: t('views.outline') },
          ]}
          onChange={(value) => go({ view: value === 'map' ? 'map' : 'outline' })}
        />
      </div>
      <SearchField
        id="tree-search"
        label={t('search')}
        clearLabel={t('clearSearch')}
        value={words}
        onChange={(text) => go({ search: text === '' ? undefined : text })}
      />
      <p className={classes['found']} role="status">
        {found !== null && (found === 0 ? t('foundNone') : t('found', { count: found }))}
        {found === null && tree.runs.length <= 1 && t('none')}
      </p>
    </header>
  );
}
