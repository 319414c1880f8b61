import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { useBranchMoves } from './use-branch-moves.ts';

/** What gets a name: a new mark, or one that is renamed. */
export type MarkRequest =
  | { kind: 'branch' | 'checkpoint'; messageId: string }
  | { kind: 'rename'; markId: string; name: string };

export interface MarkDialogProps {
  conversationId: string;
  request: MarkRequest;
  onClose: () => void;
  onSaved?: () => void;
}

/** A name for a branch or a checkpoint; without one it is called by its place. */
export function MarkDialog({ conversationId, request, onClose, onSaved }: MarkDialogProps) {
  const { t } = useTranslation(['tree', 'common']);
  const { change } = useBranchMoves(conversationId);
  const [name, setName] = useState(request.kind === 'rename' ? request.name : '');
  const [saving, setSaving] = useState(false);

  async function save(): Promise<void> {
    setSaving(true);
    const saved = await change(() => send(conversationId, { request, name }));
    setSaving(false);
    if (!saved) return;
    onSaved?.();
    onClose();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`tree:dialog.${request.kind}`)}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          data-autofocus
          label={t('tree:dialog.name')}
          description={t('tree:dialog.hint')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={saving}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Modal>
  );
}

function send(id: string, { request, name }: { request: MarkRequest; name: string }): Promise<unknown> {
  if (request.kind === 'rename') {
    return api.call('renameBranchMark', { params: { id, markId: request.markId }, body: { name } });
  }
  const { kind, messageId } = request;
  return api.call('createBranchMark', { params: { id }, body: { kind, messageId, name } });
}
