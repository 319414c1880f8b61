import { ActionIcon, Menu, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSort } from '../../../contract/organising.ts';
import { IconChecks, IconDots, IconFolder, IconFolderPlus } from '../../ui/icons.ts';
import type { Selection } from '../../ui/use-selection.ts';
import { FolderDialog } from '../../ui/folder-dialog.tsx';
import classes from './list-filter.module.css';
import type { ListView } from './list-view.ts';
import { useConversationFolders } from './use-conversation-folders.ts';
import { organisedQuery } from './use-marking.ts';

const FoldersSheet = lazy(async () => ({ default: (await import('./folders-sheet.tsx')).FoldersSheet }));

/** Orders that are offered, in this order. */
const SORTS = ['recent', 'unread', 'name', 'created', 'oldest', 'longest'] as const satisfies ConversationSort[];

export interface ListFilterProps {
  view: ListView;
  onChange: (change: Partial<ListView>) => void;
  selection: Selection;
}

/** What the list shows: all, favourites, the archive, a folder or a tag; in which order; and folders. */
export function ListFilter({ view, onChange, selection }: ListFilterProps) {
  const { t } = useTranslation('list');
  const { data } = useQuery(organisedQuery);
  const { folders, pathOf } = useConversationFolders();
  const choices = [
    { value: 'all', label: t('keep.all') },
    { value: 'favourites', label: t('keep.favourites', { count: data?.favourites ?? 0 }) },
    ...folders.map((folder) => ({
      value: `folder:${folder.id}`,
      label: t('keep.counted', { name: pathOf(folder), count: folder.count }),
    })),
    ...(data?.tags ?? []).map(({ tag, count }) => ({
      value: `tag:${tag}`,
      label: t('keep.counted', { name: `# ${tag}`, count }),
    })),
    { value: 'archive', label: t('keep.archived', { count: data?.archived ?? 0 }) },
  ];
  // A folder or tag that is gone shows everything.
  const isGone = data !== undefined && !choices.some(({ value }) => value === view.show);
  useEffect(() => {
    if (isGone) onChange({ show: 'all' });
  }, [isGone, onChange]);
  return (
    <div className={classes['filter']}>
      <NativeSelect
        className={classes['select']}
        aria-label={t('keep.show')}
        value={view.show}
        onChange={({ currentTarget }) => onChange({ show: currentTarget.value })}
        data={choices}
      />
      <ListMenu view={view} onChange={onChange} selection={selection} />
    </div>
  );
}

function ListMenu({ view, onChange, selection }: ListFilterProps) {
  const { t } = useTranslation('list');
  const { create } = useConversationFolders();
  const [sheet, setSheet] = useState<'new' | 'folders' | null>(null);
  const close = () => setSheet(null);
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" size={44} aria-label={t('options')}>
            <IconDots size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconChecks size={16} aria-hidden />}
            onClick={selection.active ? selection.end : selection.begin}
          >
            {selection.active ? t('choose.end') : t('choose.begin')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolderPlus size={16} aria-hidden />} onClick={() => setSheet('new')}>
            {t('folders.new')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolder size={16} aria-hidden />} onClick={() => setSheet('folders')}>
            {t('folders.manage')}
          </Menu.Item>
          <Menu.Label>{t('sort.label')}</Menu.Label>
          {SORTS.map((sort) => (
            <Menu.RadioItem
              key={sort}
              value={sort}
              closeMenuOnClick
              checked={view.sort === sort}
              onChange={() => onChange({ sort })}
            >
              {t(`sort.${sort}`)}
            </Menu.RadioItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      {sheet === 'new' && (
        <FolderDialog folder={null} onSave={async (name) => void (await create(name))} onClose={close} />
      )}
      <Suspense>
        {sheet === 'folders' && (
          <FoldersSheet
            onClose={close}
            onShow={(id) => {
              onChange({ show: `folder:${id}` });
              close();
            }}
            onRemoved={(id) => {
              if (view.show === `folder:${id}`) onChange({ show: 'all' });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
