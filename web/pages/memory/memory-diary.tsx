import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { IconPlus } from '../../ui/icons.ts';
import { DiaryEditor } from './diary-editor.tsx';
import { DiaryPage } from './diary-page.tsx';
import classes from './memory-page.module.css';
import { memoryDiaryQuery, memoryOverviewQuery } from './memory-queries.ts';
import { MemoryEmpty, MemoryProblem, MemoryWaiting } from './memory-states.tsx';
import { useMemoryChange } from './use-memory-change.ts';

/** The character's own diary: its pages, which the reader may change, and pages of the reader's. */
export function MemoryDiary({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  const query = useInfiniteQuery(memoryDiaryQuery(characterId));
  const { data: overview } = useQuery(memoryOverviewQuery(characterId));
  const [writing, setWriting] = useState(false);
  const change = useMemoryChange();
  if (query.isError) return <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <MemoryWaiting />;
  const entries = query.data.pages.flatMap((page) => page.entries);
  const isOff = overview?.settings.diary === false;
  return (
    <div className={classes['diary']}>
      {entries.length === 0 && !writing && (
        <MemoryEmpty
          title={t('diary.empty', { name })}
          body={isOff ? t('diary.emptyOff') : t('diary.emptyHow', { name })}
        />
      )}
      {writing ? (
        <div className={classes['diaryPage']}>
          <DiaryEditor
            label={t('diary.newLabel', { name })}
            initial=""
            onClose={() => setWriting(false)}
            onSave={async (text) => {
              const body = { text };
              return (await change(api.call('addDiaryEntry', { params: { id: characterId }, body }))) !== undefined;
            }}
          />
        </div>
      ) : (
        <div>
          <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setWriting(true)}>
            {t('diary.add')}
          </Button>
        </div>
      )}
      {entries.map((entry) => (
        <DiaryPage key={entry.id} entry={entry} name={name} />
      ))}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('diary.more')}
        </Button>
      )}
    </div>
  );
}
