import { Button, NativeSelect, NumberInput, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { promptRoleSchema } from '../../../contract/prompts.ts';
import type { AuthorsNote } from '../../../contract/prompts.ts';
import { api } from '../../state/api.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';

const BLANK: AuthorsNote = { text: '', depth: 4, role: 'system', interval: 1 };

/** A word to the model that stands among the last messages of one conversation. */
export function AuthorsNoteDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation(['talk', 'common']);
  const errorText = useErrorText();
  const [note, setNote] = useState(conversation.authorsNote ?? BLANK);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function save(authorsNote: AuthorsNote | null): Promise<void> {
    setBusy(true);
    try {
      await api.call('updateConversation', { params: { id: conversation.id }, body: { authorsNote } });
      onClose();
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <Sheet title={t('talk:note.title')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save(note.text.trim() === '' ? null : note);
        }}
      >
        <Stack>
          <Textarea
            data-autofocus
            label={t('talk:note.text')}
            description={t('talk:note.textHint')}
            placeholder={t('talk:note.placeholder')}
            rows={4}
            maxLength={100_000}
            value={note.text}
            error={problem}
            onChange={(event) => setNote({ ...note, text: event.currentTarget.value })}
          />
          <NotePlace note={note} onChange={setNote} />
        </Stack>
        <ButtonRow>
          {conversation.authorsNote !== null && (
            <Button variant="default" onClick={() => void save(null)}>
              {t('talk:note.remove')}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

/** Where the note stands, in whose voice, and how often. */
function NotePlace({ note, onChange }: { note: AuthorsNote; onChange: (note: AuthorsNote) => void }) {
  const { t } = useTranslation(['talk', 'common']);
  return (
    <>
      <Switch
        label={t('talk:note.inHistory')}
        description={t('talk:note.inHistoryHint')}
        checked={note.depth !== null}
        onChange={(event) => onChange({ ...note, depth: event.currentTarget.checked ? 4 : null })}
      />
      {note.depth !== null && (
        <NumberInput
          label={t('talk:note.depth')}
          description={t('talk:note.depthHint')}
          min={0}
          max={10_000}
          allowDecimal={false}
          value={note.depth}
          onChange={(depth) => onChange({ ...note, depth: typeof depth === 'number' ? depth : 0 })}
        />
      )}
      <NativeSelect
        label={t('talk:note.role')}
        value={note.role}
        data={promptRoleSchema.options.map((value) => ({ value, label: t(`common:promptRole.${value}`) }))}
        onChange={(event) => onChange({ ...note, role: promptRoleSchema.parse(event.currentTarget.value) })}
      />
      <NumberInput
        label={t('talk:note.interval')}
        description={t('talk:note.intervalHint')}
        min={0}
        max={10_000}
        allowDecimal={false}
        value={note.interval}
        onChange={(interval) => onChange({ ...note, interval: typeof interval === 'number' ? interval : 0 })}
      />
    </>
  );
}
