import { Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeFact, World, WorldFact } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { Panel } from '../../ui/panel.tsx';
import { FactSheet } from './fact-sheet.tsx';
import { useWorldChange } from './use-world-change.ts';
import { worldFactsQuery } from './world-queries.ts';
import classes from './worlds.module.css';

/** What talk may have made true: the owner decides. */
export function ProposalPanel({ world }: { world: World }) {
  const { t } = useTranslation('worlds');
  const { data } = useQuery(worldFactsQuery(world.id));
  const run = useWorldChange();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [merging, setMerging] = useState(false);
  const proposals = data?.facts.filter(({ state }) => state === 'proposed') ?? [];
  const together = proposals.filter(({ id }) => chosen.includes(id));
  const look = () => run(api.call('proposeWorldFacts', { params: { id: world.id }, body: {} }));
  return (
    <Panel title={t('proposals')} lead={t('proposalsLead')}>
      {proposals.length === 0 && <p className={classes['empty']}>{t('noProposals')}</p>}
      <ul className={classes['facts']} aria-live="polite">
        {proposals.map((fact) => (
          <Proposal
            key={fact.id}
            {...{ world, fact }}
            isChosen={chosen.includes(fact.id)}
            onChoose={(isChosen) => setChosen(isChosen ? [...chosen, fact.id] : chosen.filter((id) => id !== fact.id))}
          />
        ))}
      </ul>
      <div className={classes['row']}>
        <Button variant="default" loading={data?.reading === true} onClick={() => void look()}>
          {t('lookNow')}
        </Button>
        {together.length > 1 && (
          <Button variant="default" onClick={() => setMerging(true)}>
            {t('merge', { count: together.length })}
          </Button>
        )}
      </div>
      {merging && together[0] && (
        <FactSheet
          world={world}
          title={t('mergeTitle')}
          fact={{ ...together[0], about: [...new Set(together.flatMap(({ about }) => about))] }}
          saveLabel={t('accept')}
          onSave={async (fact) => {
            const body = { ...fact, ids: together.map(({ id }) => id) };
            if (await run(api.call('mergeWorldFacts', { params: { id: world.id }, body }))) setMerging(false);
          }}
          onClose={() => setMerging(false)}
        />
      )}
    </Panel>
  );
}

interface ProposalProps {
  world: World;
  fact: WorldFact;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}

function Proposal({ world, fact, isChosen, onChoose }: ProposalProps) {
  const { t } = useTranslation(['worlds', 'common']);
  const run = useWorldChange();
  const [editing, setEditing] = useState(false);
  const params = { id: world.id, factId: fact.id };
  const change = (body: ChangeFact) => run(api.call('changeWorldFact', { params, body }));

  async function decide(body: ChangeFact, text: string): Promise<void> {
    if (!(await change(body))) return;
    const back: ChangeFact = { state: 'proposed' };
    showToast({ text, action: { label: t('common:undo'), run: () => void change(back) } });
  }

  return (
    <li className={classes['fact']}>
      <Checkbox checked={isChosen} label={fact.statement} onChange={(event) => onChoose(event.currentTarget.checked)} />
      <FactSources fact={fact} />
      <div className={classes['row']}>
        <Button size="compact-md" onClick={() => void decide({ state: 'accepted' }, t('worlds:accepted'))}>
          {t('worlds:accept')}
        </Button>
        <Button
          size="compact-md"
          variant="default"
          onClick={() => void decide({ state: 'accepted', as: 'entry' }, t('worlds:acceptedAsEntry'))}
        >
          {t('worlds:acceptAsEntry')}
        </Button>
        <Button size="compact-md" variant="default" onClick={() => setEditing(true)}>
          {t('worlds:edit')}
        </Button>
        <Button
          size="compact-md"
          variant="subtle"
          onClick={() => void decide({ state: 'rejected' }, t('worlds:rejected'))}
        >
          {t('worlds:reject')}
        </Button>
      </div>
      {editing && (
        <FactSheet
          {...{ world, fact }}
          title={t('worlds:editFact')}
          saveLabel={t('worlds:accept')}
          onSave={async (words) => {
            if (await change({ ...words, state: 'accepted' })) setEditing(false);
          }}
          onClose={() => setEditing(false)}
        />
      )}
    </li>
  );
}

/** Where a fact was said, word for word, with the way there. */
export function FactSources({ fact: { sources, origin } }: { fact: Pick<WorldFact, 'sources' | 'origin'> }) {
  const { t } = useTranslation('worlds');
  const standing = sources.filter((source) => source.standing);
  if (standing.length === 0) return origin === 'talk' ? <p className={classes['soft']}>{t('sourceGone')}</p> : null;
  return (
    <>
      {standing.map(({ conversationId, messageId, quote, speaker }) => (
        <blockquote key={messageId} className={classes['quote']}>
          {quote}{' '}
          <Link to="/c/$conversationId" params={{ conversationId }} search={{ message: messageId }}>
            {t('saidBy', { name: speaker })}
          </Link>
        </blockquote>
      ))}
    </>
  );
}
