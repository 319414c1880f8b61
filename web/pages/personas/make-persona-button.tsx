import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../../state/i18n.ts';
import { characterQuery } from '../../state/queries.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { namesSides, swapNames } from './swap-names.ts';
import { useMakePersona } from './use-convert.ts';

/** Lets the person be this character; where its description names the two sides, it asks whether they change places. */
export function MakePersonaButton({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('personas');
  const { data: character } = useQuery(characterQuery(characterId, currentLocale()));
  const makePersona = useMakePersona();
  const [asking, setAsking] = useState(false);
  if (character === undefined) return null;
  const { description } = character;
  return (
    <div>
      <Button
        variant="default"
        // A long name takes a second line, not the page's edge.
        maw="100%"
        h="auto"
        mih={36}
        py={6}
        styles={{ label: { whiteSpace: 'normal' } }}
        onClick={() => (namesSides(description) ? setAsking(true) : void makePersona(character, description))}
      >
        {t('convert.toPersona', { name })}
      </Button>
      {asking && (
        <Sheet title={t('convert.askTitle')} onClose={() => setAsking(false)}>
          <p>{t('convert.ask', { name, userMacro: '{{user}}', charMacro: '{{char}}' })}</p>
          <ButtonRow>
            <Button variant="default" onClick={() => void makePersona(character, description)}>
              {t('convert.leave')}
            </Button>
            <Button data-autofocus onClick={() => void makePersona(character, swapNames(description))}>
              {t('convert.swap')}
            </Button>
          </ButtonRow>
        </Sheet>
      )}
    </div>
  );
}
