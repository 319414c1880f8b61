import { Button, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery, modelsQuery } from '../../state/queries.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import { Scene } from '../../ui/scene.tsx';
import { ModelCards } from './model-cards.tsx';
import classes from './welcome.module.css';

/** Whom a newcomer meets first, by language. */
const FIRST_SLUG = { en: 'mira', 'zh-CN': 'yanzi' } as const;

export function ChooseStep() {
  const { t } = useTranslation('welcome');
  const me = useMe();
  const updateMe = useUpdateMe();
  const { data: models } = useQuery(modelsQuery);
  const { data: characters = [] } = useQuery(charactersQuery(currentLocale()));
  const { start, starting } = useStartConversation();
  const [all, setAll] = useState(false);
  const starters = characters.filter(({ starter }) => starter);
  const first = starters.find(({ slug }) => slug === FIRST_SLUG[currentLocale()]) ?? starters[0];
  const phase = models?.start.phase ?? 'probing';
  const waiting = models?.active === null;

  async function meet(characterId: string): Promise<void> {
    await updateMe({ onboarded: true });
    await start(characterId);
  }

  return (
    <div>
      <h1>{t('title')}</h1>
      <p className={classes['lead']}>{t(`lead.${phase}`)}</p>
      {models !== undefined && <ModelCards overview={models} owner={me.role === 'owner'} />}
      <div className={classes['go']}>
        {first !== undefined && (
          <Button size="lg" loading={starting === first.id} onClick={() => void meet(first.id)}>
            {t('meet', { name: first.name })}
          </Button>
        )}
        <UnstyledButton className={classes['alt']} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('hideAll') : t('showAll')}
        </UnstyledButton>
      </div>
      {waiting && phase !== 'stuck' && <p className={classes['hint']}>{t('meetWaiting')}</p>}
      {all && <Faces characters={starters} onMeet={(id) => void meet(id)} />}
    </div>
  );
}

function Faces({ characters, onMeet }: { characters: readonly CharacterSummary[]; onMeet: (id: string) => void }) {
  return (
    <ul className={classes['faces']}>
      {characters.map((character) => (
        <li key={character.id}>
          <button type="button" className={classes['face']} onClick={() => onMeet(character.id)}>
            <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
            <span>
              <b>{character.name}</b>
              <small>{character.tagline}</small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
