import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../../contract/characters.ts';
import { useStartConversation } from '../../../state/use-start-conversation.ts';
import { IconChevronDown, IconChevronUp, IconX } from '../../../ui/icons.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { CharacterPicker } from './character-picker.tsx';
import classes from './character-picker.module.css';

/** The first and twelve more. */
const MOST = 13;

/** Several characters in one conversation: who, and in which order. */
export function BeginRoomDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('room');
  const { startRoom, starting } = useStartConversation();
  const [chosen, setChosen] = useState<readonly CharacterSummary[]>([]);
  const ids = chosen.map(({ id }) => id);
  const pick = (character: CharacterSummary) => {
    if (ids.includes(character.id)) setChosen(chosen.filter(({ id }) => id !== character.id));
    else if (chosen.length < MOST) setChosen([...chosen, character]);
  };
  return (
    <Sheet title={t('begin.title')} onClose={onClose}>
      <Stack>
        <p className={classes['hint']}>{t('begin.lead')}</p>
        {chosen.length > 0 && <Chosen chosen={chosen} onChange={setChosen} />}
        <CharacterPicker chosen={ids} onPick={pick} />
        {chosen.length >= MOST && <p role="status">{t('begin.full', { count: MOST })}</p>}
      </Stack>
      <ButtonRow>
        <Button disabled={chosen.length < 2} loading={starting !== null} onClick={() => void startRoom(ids)}>
          {t('begin.start')}
        </Button>
      </ButtonRow>
    </Sheet>
  );
}

interface ChosenProps {
  chosen: readonly CharacterSummary[];
  onChange: (chosen: readonly CharacterSummary[]) => void;
}

/** The order of the list; the first says the greeting. */
function Chosen({ chosen, onChange }: ChosenProps) {
  const { t } = useTranslation('room');
  const moved = (from: number, to: number) => {
    const one = chosen[from];
    if (one !== undefined) onChange(chosen.toSpliced(from, 1).toSpliced(to, 0, one));
  };
  return (
    <ol className={classes['chosen']} aria-label={t('begin.order')}>
      {chosen.map(({ id, name }, index) => (
        <li key={id}>
          <b>{name}</b>
          <button
            type="button"
            aria-label={t('begin.up', { name })}
            disabled={index === 0}
            onClick={() => moved(index, index - 1)}
          >
            <IconChevronUp size={18} aria-hidden />
          </button>
          <button
            type="button"
            aria-label={t('begin.down', { name })}
            disabled={index === chosen.length - 1}
            onClick={() => moved(index, index + 1)}
          >
            <IconChevronDown size={18} aria-hidden />
          </button>
          <button
            type="button"
            aria-label={t('begin.remove', { name })}
            onClick={() => onChange(chosen.toSpliced(index, 1))}
          >
            <IconX size={18} aria-hidden />
          </button>
        </li>
      ))}
    </ol>
  );
}
