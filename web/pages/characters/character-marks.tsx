import { Button, Menu, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../contract/characters.ts';
import type { CharacterMark, UpdateMark } from '../../../contract/library.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useGuard } from '../../state/use-guard.ts';
import { IconFolder, IconPlus, IconX } from '../../ui/icons.ts';
import { FolderDialog } from '../../ui/folder-dialog.tsx';
import { libraryOverviewQuery } from '../library/library-queries.ts';
import { splitTags } from '../../ui/split-tags.ts';
import { useFolders } from '../library/use-folders.ts';
import classes from './character-page.module.css';

export interface CharacterMarksProps {
  character: Character;
  mark: CharacterMark;
}

/** Tags of the card and of one's own, and the folder it lies in. */
export function CharacterMarks({ character, mark }: CharacterMarksProps) {
  const { t } = useTranslation('characters');
  const setMark = useSetMark(character.id);
  const [text, setText] = useState('');
  const add = () => {
    const tags = [...new Set([...mark.tags, ...splitTags(text)])].slice(0, 50);
    setText('');
    return setMark({ tags });
  };
  return (
    <section>
      <h2>{t('marks.tags')}</h2>
      <ul className={classes['tags']}>
        {character.tags.map((tag) => (
          <li key={`card ${tag}`}>
            <Link to="/characters" search={{ search: tag }}>
              {tag}
            </Link>
          </li>
        ))}
        {mark.tags.map((tag) => (
          <li key={`own ${tag}`} data-own>
            <Link to="/characters" search={{ search: tag }}>
              {tag}
            </Link>
            <button
              type="button"
              aria-label={t('marks.removeTag', { tag })}
              onClick={() => void setMark({ tags: mark.tags.filter((one) => one !== tag) })}
            >
              <IconX size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <form
        className={classes['addTag']}
        onSubmit={(event) => {
          event.preventDefault();
          if (splitTags(text).length > 0) void add();
        }}
      >
        <TextInput
          aria-label={t('marks.ownTag')}
          placeholder={t('marks.ownTag')}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={splitTags(text).length === 0}>
          {t('marks.addTag')}
        </Button>
      </form>
      <FolderMenu folderId={mark.folderId} onMove={(folderId) => void setMark({ folderId })} />
    </section>
  );
}

function FolderMenu({ folderId, onMove }: { folderId: string | null; onMove: (folderId: string | null) => void }) {
  const { t } = useTranslation(['characters', 'library']);
  const { data } = useQuery(libraryOverviewQuery(currentLocale()));
  const there = data?.folders ?? [];
  const folders = useFolders(there);
  const [naming, setNaming] = useState(false);
  const current = there.find(({ id }) => id === folderId);
  return (
    <>
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <Button variant="subtle" size="compact-md" leftSection={<IconFolder size={18} aria-hidden />}>
            {current === undefined ? t('marks.noFolder') : t('marks.inFolder', { folder: current.name })}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {there.map(({ id, name }) => (
            <Menu.Item key={id} role="menuitemradio" aria-checked={id === folderId} onClick={() => onMove(id)}>
              {name}
            </Menu.Item>
          ))}
          <Menu.Item role="menuitemradio" aria-checked={folderId === null} onClick={() => onMove(null)}>
            {t('marks.noFolder')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setNaming(true)}>
            {t('library:newFolder')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <FolderDialog
          folder={null}
          onSave={async (name) => onMove((await folders.create(name)).id)}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}

function useSetMark(id: string): (change: UpdateMark) => Promise<void> {
  const queryClient = useQueryClient();
  const guard = useGuard();
  return async (change) => {
    await guard(api.call('updateCharacterMark', { params: { id }, body: change }));
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['character', id, 'details'] }),
      queryClient.invalidateQueries({ queryKey: ['characters'] }),
    ]);
  };
}
