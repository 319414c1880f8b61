import { ActionIcon, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import type { ListNarrowing } from '../../state/queries.ts';
import { IconPlus } from '../../ui/icons.ts';
import { FolderDialog } from '../library/folder-dialog.tsx';
import classes from './list-filter.module.css';
import { organisedQuery } from './use-marking.ts';

/** What the list shows: all, favourites, the archive, a folder or a tag; and a new folder. */
export function ListFilter({ onChange }: { onChange: (narrowing: ListNarrowing) => void }) {
  const { t } = useTranslation(['list', 'library']);
  const { data } = useQuery(organisedQuery);
  const queryClient = useQueryClient();
  const [value, setValue] = useState('all');
  const [making, setMaking] = useState(false);
  const create = async (name: string) => {
    await api.call('createConversationFolder', { body: { name } });
    await queryClient.invalidateQueries({ queryKey: organisedQuery.queryKey });
  };
  const folders = data?.folders ?? [];
  const parentOf = (id: string | null) => folders.find((folder) => folder.id === id)?.name;
  return (
    <div className={classes['filter']}>
      <NativeSelect
        className={classes['select']}
        aria-label={t('list:keep.show')}
        value={value}
        onChange={({ currentTarget }) => {
          setValue(currentTarget.value);
          onChange(narrowingOf(currentTarget.value));
        }}
        data={[
          { value: 'all', label: t('list:keep.all') },
          { value: 'favourites', label: t('list:keep.favourites', { count: data?.favourites ?? 0 }) },
          ...folders.map(({ id, name, parentId, count }) => ({
            value: `folder:${id}`,
            label: `${[parentOf(parentId), name].filter(Boolean).join(' / ')} (${count})`,
          })),
          ...(data?.tags ?? []).map(({ tag, count }) => ({ value: `tag:${tag}`, label: `# ${tag} (${count})` })),
          { value: 'archive', label: t('list:keep.archived', { count: data?.archived ?? 0 }) },
        ]}
      />
      <ActionIcon variant="subtle" size={44} aria-label={t('library:newFolder')} onClick={() => setMaking(true)}>
        <IconPlus size={18} aria-hidden />
      </ActionIcon>
      {making && <FolderDialog folder={null} onSave={create} onClose={() => setMaking(false)} />}
    </div>
  );
}

function narrowingOf(value: string): ListNarrowing {
  if (value === 'favourites') return { favourite: 'true' };
  if (value === 'archive') return { archived: 'only' };
  if (value.startsWith('folder:')) return { folder: value.slice('folder:'.length) };
  return value.startsWith('tag:') ? { tag: value.slice('tag:'.length) } : {};
}
