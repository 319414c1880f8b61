import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/messages.ts';
import { useAutoGrow } from '../../ui/use-auto-grow.ts';
import type { MessageHandlers } from './message-handlers.ts';
import classes from './message-editor.module.css';
import { useBegunEdit } from './use-begun-edit.ts';

/** Editing in place: Ctrl+S saves, Ctrl+Enter saves and asks for a reply, Escape leaves. */
export function MessageEditor({ message, handlers }: { message: Message; handlers: MessageHandlers }) {
  const { t } = useTranslation('talk');
  const { text, setText, saving, save: saveBegun } = useBegunEdit(message);
  const input = useRef<HTMLTextAreaElement>(null);
  const canReply = message.author.kind === 'human';
  useAutoGrow(input, text);
  useEffect(() => {
    const element = input.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  async function save(reply: boolean): Promise<void> {
    if (text.trim() === '') return;
    await saveBegun(() => handlers.saveEdit({ messageId: message.id, text, reply }));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const action =
      command && event.key.toLowerCase() === 's' ? 'save' : command && event.key === 'Enter' ? 'reply' : null;
    if (event.key !== 'Escape' && action === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === null) handlers.cancelEdit();
    else void save(action === 'reply' && canReply);
  }

  return (
    <div className={classes['editor']}>
      <textarea
        ref={input}
        className={classes['input']}
        rows={1}
        aria-label={t('edit.label')}
        aria-describedby={`edit-hint-${message.id}`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p id={`edit-hint-${message.id}`} className={classes['hint']}>
        {t('edit.hint')}
      </p>
      <EditorButtons
        canReply={canReply}
        disabled={text.trim() === '' || saving}
        onSave={save}
        onCancel={handlers.cancelEdit}
      />
    </div>
  );
}

interface EditorButtonsProps {
  canReply: boolean;
  disabled: boolean;
  onSave: (reply: boolean) => Promise<void>;
  onCancel: () => void;
}

function EditorButtons({ canReply, disabled, onSave, onCancel }: EditorButtonsProps) {
  const { t } = useTranslation('talk');
  return (
    <div className={classes['buttons']}>
      <Button variant="subtle" onClick={onCancel}>
        {t('edit.cancel')}
      </Button>
      <Button variant={canReply ? 'default' : 'filled'} disabled={disabled} onClick={() => void onSave(false)}>
        {t('edit.save')}
      </Button>
      {canReply && (
        <Button disabled={disabled} onClick={() => void onSave(true)}>
          {t('edit.saveReply')}
        </Button>
      )}
    </div>
  );
}
