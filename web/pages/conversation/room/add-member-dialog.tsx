import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { CharacterPicker } from './character-picker.tsx';
import classes from './character-picker.module.css';
import { membersOf } from './room-title.ts';

export interface AddMemberDialogProps {
  conversation: Conversation;
  onInvite: () => void;
  onClose: () => void;
}

/** Lets a character come in; or leads to inviting a human. */
export function AddMemberDialog({ conversation, onInvite, onClose }: AddMemberDialogProps) {
  const { t } = useTranslation('room');
  const guard = useGuard();
  const there = new Set(membersOf(conversation).map(({ subjectId }) => subjectId));
  return (
    <Sheet title={t('add.title')} onClose={onClose}>
      <Stack>
        <p className={classes['hint']}>{t('add.lead')}</p>
        <CharacterPicker
          chosen={[]}
          without={there}
          onPick={(character) => {
            const params = { id: conversation.id };
            void guard(api.call('addParticipant', { params, body: { characterId: character.id } }));
            onClose();
          }}
        />
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onInvite}>
          {t('invite.title')}
        </Button>
      </ButtonRow>
    </Sheet>
  );
}
