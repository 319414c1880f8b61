import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellStoryTime } from '../../../contract/story-time.ts';
import type { World, WorldFact } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { IconPencil, IconPlus, IconTrash } from '../../ui/icons.ts';
import { Panel } from '../../ui/panel.tsx';
import { FactSheet } from './fact-sheet.tsx';
import { FactSources } from './proposal-panel.tsx';
import { useDeleteFact } from './use-delete-fact.ts';
import { useWorldChange } from './use-world-change.ts';
import { worldFactsQuery } from './world-queries.ts';
import classes from './worlds.module.css';

/** What is true of a world, and what was refused. */
export function FactPanel({ world }: { world: World }) {
  const { t } = useTranslation('worlds');
  const { data } = useQuery(worldFactsQuery(world.id));
  const run = useWorldChange();
  const [adding, setAdding] = useState(false);
  const of = (state: WorldFact['state']) => data?.facts.filter((fact) => fact.state === state) ?? [];
  const [accepted, rejected] = [of('accepted'), of('rejected')];
  return (
    <Panel title={t('facts')} lead={t('factsLead')}>
      <ul className={classes['facts']}>
        {accepted.map((fact) => (
          <Fact key={fact.id} {...{ world, fact }} others={data?.facts ?? []} />
        ))}
      </ul>
      <div>
        <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('addFact')}
        </Button>
      </div>
      {rejected.length > 0 && (
        <details className={classes['more']}>
          <summary>{t('rejectedCount', { count: rejected.length })}</summary>
          <ul className={classes['facts']}>
            {rejected.map((fact) => (
              <Rejected key={fact.id} {...{ world, fact }} />
            ))}
          </ul>
        </details>
      )}
      {adding && (
        <FactSheet
          world={world}
          title={t('addFact')}
          saveLabel={t('addAction')}
          onSave={async (body) => {
            if (await run(api.call('addWorldFact', { params: { id: world.id }, body }))) setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </Panel>
  );
}

function Fact({ world, fact, others }: { world: World; fact: WorldFact; others: readonly WorldFact[] }) {
  const { t } = useTranslation(['worlds', 'common']);
  const run = useWorldChange();
  const remove = useDeleteFact(world.id);
  const [editing, setEditing] = useState(false);
  const params = { id: world.id, factId: fact.id };
  const place = world.places.find(({ id }) => id === fact.placeId);
  const since = tellStoryTime(fact.since, currentLocale());
  return (
    <li className={classes['fact']}>
      <div className={classes['factHead']}>
        <p>{fact.statement}</p>
        <button
          type="button"
          className={classes['icon']}
          aria-label={t('worlds:editOf', { name: fact.statement })}
          onClick={() => setEditing(true)}
        >
          <IconPencil size={18} aria-hidden />
        </button>
        <button
          type="button"
          className={classes['icon']}
          aria-label={t('worlds:removeOf', { name: fact.statement })}
          onClick={() => void remove(fact, others)}
        >
          <IconTrash size={18} aria-hidden />
        </button>
      </div>
      <p className={classes['soft']}>{[place?.name, since, ...fact.about].filter(Boolean).join(' · ')}</p>
      {fact.entry && (
        <p className={classes['soft']}>
          <Link to="/books/$bookId" params={{ bookId: fact.entry.bookId }}>
            {t('worlds:inBook')}
          </Link>
        </p>
      )}
      <FactSources fact={fact} />
      {editing && (
        <FactSheet
          {...{ world, fact }}
          title={t('worlds:editFact')}
          saveLabel={t('common:save')}
          onSave={async (body) => {
            if (await run(api.call('changeWorldFact', { params, body }))) setEditing(false);
          }}
          onClose={() => setEditing(false)}
        />
      )}
    </li>
  );
}

function Rejected({ world, fact }: { world: World; fact: WorldFact }) {
  const { t } = useTranslation('worlds');
  const run = useWorldChange();
  const params = { id: world.id, factId: fact.id };
  return (
    <li className={classes['factHead']}>
      <p>{fact.statement}</p>
      <Button
        variant="subtle"
        size="compact-md"
        onClick={() => void run(api.call('changeWorldFact', { params, body: { state: 'accepted' } }))}
      >
        {t('acceptAfterAll')}
      </Button>
    </li>
  );
}
