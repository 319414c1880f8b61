import { Button, NativeSelect, Switch, TextInput, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { MOST_QUICK_REPLIES, type QuickReply, type QuickReplySet } from '../../../contract/quick-replies.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import classes from './quick-replies.module.css';
import { quickRepliesQuery } from './quick-reply-query.ts';

interface QuickReplySheetProps {
  /** Null makes one. */
  set: QuickReplySet | null;
  here: Conversation | undefined;
  onClose: () => void;
}

const BLANK: QuickReply = { label: '', text: '', send: false };

/** Name, place and buttons of one set. */
export function QuickReplySheet({ set, here, onClose }: QuickReplySheetProps) {
  const { t } = useTranslation(['compose', 'common']);
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [name, setName] = useState(set?.name ?? '');
  const [place, setPlace] = useState(placeOf(set));
  const [replies, setReplies] = useState<readonly QuickReply[]>(set?.replies ?? [BLANK]);
  const [problem, setProblem] = useState<string | null>(null);
  const complete = name.trim() !== '' && replies.every(({ label, text }) => label.trim() !== '' && text.trim() !== '');

  async function save(): Promise<void> {
    const [scope, subjectId = null] = place.split(':') as [QuickReplySet['scope'], string?];
    const body = { name, scope, subjectId, on: set?.on ?? true, replies: [...replies] };
    try {
      if (set === null) await api.call('createQuickReplySet', { body });
      else await api.call('saveQuickReplySet', { params: { id: set.id }, body });
      await queryClient.invalidateQueries({ queryKey: quickRepliesQuery.queryKey });
      onClose();
    } catch (error) {
      setProblem(errorText(error));
    }
  }

  return (
    <Sheet title={set === null ? t('compose:quick.add') : set.name} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) void save();
        }}
      >
        <Stack>
          <TextInput
            label={t('compose:quick.name')}
            value={name}
            maxLength={100}
            required
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PlaceSelect {...{ place, here }} kept={placeOf(set)} onChange={setPlace} />
          <ReplyRows replies={replies} onChange={setReplies} />
          {problem !== null && <p role="alert">{problem}</p>}
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={!complete}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

function placeOf(set: QuickReplySet | null): string {
  if (set === null || set.subjectId === null) return 'everywhere';
  return `${set.scope}:${set.subjectId}`;
}

interface PlaceSelectProps {
  place: string;
  /** Where it was before: it may stay there. */
  kept: string;
  here: Conversation | undefined;
  onChange: (place: string) => void;
}

function PlaceSelect({ place, kept, here, onChange }: PlaceSelectProps) {
  const { t } = useTranslation('compose');
  const { data: characters = [] } = useQuery(charactersQuery(currentLocale()));
  const options = [
    { value: 'everywhere', label: t('quick.scope.everywhere') },
    ...(here === undefined ? [] : [{ value: `conversation:${here.id}`, label: t('quick.here') }]),
    ...characters.map(({ id, name }) => ({ value: `character:${id}`, label: t('quick.with', { name }) })),
  ];
  const known = options.some(({ value }) => value === kept);
  return (
    <NativeSelect
      label={t('quick.where')}
      value={place}
      data={known ? options : [...options, { value: kept, label: t('quick.elsewhere') }]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface ReplyRowsProps {
  replies: readonly QuickReply[];
  onChange: (replies: readonly QuickReply[]) => void;
}

function ReplyRows({ replies, onChange }: ReplyRowsProps) {
  const { t } = useTranslation('compose');
  const change = (at: number, some: Partial<QuickReply>) =>
    onChange(replies.map((reply, index) => (index === at ? { ...reply, ...some } : reply)));
  return (
    <>
      <ul className={classes['rows']}>
        {replies.map((reply, index) => (
          <li key={index}>
            <TextInput
              label={t('quick.label')}
              value={reply.label}
              maxLength={60}
              required
              onChange={(event) => change(index, { label: event.currentTarget.value })}
            />
            <Textarea
              label={t('quick.text')}
              description={t('quick.textHint', { braces: '{{char}}' })}
              value={reply.text}
              maxLength={20_000}
              autosize
              maxRows={8}
              required
              onChange={(event) => change(index, { text: event.currentTarget.value })}
            />
            <div className={classes['rowEnd']}>
              <Switch
                label={t('quick.send')}
                checked={reply.send}
                onChange={(event) => change(index, { send: event.currentTarget.checked })}
              />
              <Button variant="subtle" onClick={() => onChange(replies.filter((_, other) => other !== index))}>
                {t('quick.removeButton')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {replies.length < MOST_QUICK_REPLIES && (
        <Button variant="default" onClick={() => onChange([...replies, BLANK])}>
          {t('quick.addButton')}
        </Button>
      )}
    </>
  );
}
