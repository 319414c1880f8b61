import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../contract/characters.ts';
import type { MemoryOverview } from '../../../contract/memory.ts';
import { formatNumber } from '../../state/format.ts';
import { IconArrowLeft, IconPlayerPause } from '../../ui/icons.ts';
import { LinkedText } from '../../ui/linked-text.tsx';
import { Scene } from '../../ui/scene.tsx';
import classes from './memory-page.module.css';
import { MEMORY_KEY, memoryOverviewQuery } from './memory-queries.ts';

/** Who remembers, how much, and what is still being read. */
export function MemoryHead({ character }: { character: Character }) {
  const { t } = useTranslation(['memory', 'common']);
  const { data: overview } = useQuery(memoryOverviewQuery(character.id));
  useFreshViews(overview);
  return (
    <header className={classes['head']}>
      <Link
        to="/characters/$characterId"
        params={{ characterId: character.id }}
        className={classes['back']}
        aria-label={t('memory:back', { name: character.name })}
      >
        <IconArrowLeft size={22} aria-hidden />
      </Link>
      <div className={classes['face']}>
        <Scene pictureUrl={character.pictureUrl} alt={character.pictureAlt} seed={character.id} />
      </div>
      <div className={classes['headWords']}>
        <h1>{t('memory:titleOf', { name: character.name })}</h1>
        {overview !== undefined && <Amount overview={overview} name={character.name} />}
      </div>
      {overview !== undefined && <Work overview={overview} characterId={character.id} />}
    </header>
  );
}

function Amount({ overview: { counts }, name }: { overview: MemoryOverview; name: string }) {
  const { t } = useTranslation('memory');
  if (counts.messages === 0) return <p>{t('head.nothing', { name })}</p>;
  const messages = t('head.messages', { count: counts.messages, formatted: formatNumber(counts.messages) });
  if (counts.facts === 0) return <p>{t('head.onlySaid', { name, messages })}</p>;
  const facts = t('head.facts', { count: counts.facts, formatted: formatNumber(counts.facts) });
  return <p>{t('head.knows', { name, facts, messages })}</p>;
}

/** What is still to be done, paused, or missing; nothing where all is well. */
function Work({ overview, characterId }: { overview: MemoryOverview; characterId: string }) {
  const { t } = useTranslation('memory');
  const { counts, work, settings } = overview;
  const toEmbed = work.toEmbed ?? 0;
  return (
    <div className={classes['work']}>
      {settings.paused && (
        <p className={classes['paused']}>
          <IconPlayerPause size={16} aria-hidden />
          <span>
            <LinkedText
              text={t('head.paused')}
              link={
                <Link to="/characters/$characterId/memory" params={{ characterId }} search={{ view: 'settings' }} />
              }
            />
          </span>
        </p>
      )}
      {work.toDistil > 0 && settings.distil && !settings.paused && (
        <Progress
          label={t('head.reading', { count: work.toDistil, formatted: formatNumber(work.toDistil) })}
          done={counts.messages - work.toDistil}
          total={counts.messages}
        />
      )}
      {toEmbed > 0 && (
        <Progress
          label={t('head.embedding', { count: toEmbed, formatted: formatNumber(toEmbed) })}
          done={counts.messages - toEmbed}
          total={counts.messages}
        />
      )}
    </div>
  );
}

function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <div className={classes['progress']}>
      <progress max={Math.max(1, total)} value={Math.max(0, done)} aria-label={label} />
      <span>{label}</span>
    </div>
  );
}

/** While messages are being read, more is known from look to look: the views follow. */
function useFreshViews(overview: MemoryOverview | undefined): void {
  const queryClient = useQueryClient();
  const before = useRef<string | null>(null);
  const stand = overview === undefined ? null : JSON.stringify(overview.counts);
  useEffect(() => {
    if (stand === null) return;
    const changed = before.current !== null && before.current !== stand;
    before.current = stand;
    if (!changed) return;
    void queryClient.invalidateQueries({
      queryKey: MEMORY_KEY,
      predicate: ({ queryKey }) => queryKey[2] !== 'overview',
    });
  }, [stand, queryClient]);
}
