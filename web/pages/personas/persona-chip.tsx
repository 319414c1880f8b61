import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { useMe } from '../../state/use-me.ts';
import classes from './persona-chip.module.css';
import { PersonaFace } from './persona-face.tsx';

const PersonaSheet = lazy(async () => ({ default: (await import('./persona-sheet.tsx')).PersonaSheet }));

export interface PersonaChipProps {
  conversation: Conversation;
  /** True when something said before stands under another name than this one. */
  hasPastBut: (name: string) => boolean;
}

/** Who the person is in this conversation; opens the choice of who to be. */
export function PersonaChip({ conversation, hasPastBut }: PersonaChipProps) {
  const { t } = useTranslation('personas');
  const me = useMe();
  const [open, setOpen] = useState(false);
  const name = conversation.persona?.name ?? me.name;
  return (
    <>
      <button
        type="button"
        className={classes['chip']}
        aria-label={name === '' ? t('choice.chipPlain') : t('choice.chip', { name })}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <PersonaFace name={name} pictureUrl={conversation.persona?.pictureUrl ?? null} />
        {conversation.persona !== null && <span className={classes['name']}>{name}</span>}
      </button>
      <Suspense>{open && <PersonaSheet {...{ conversation, hasPastBut }} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
