import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { CONVERSATION_TAG_LIMIT } from '../../../contract/organising.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { splitTags } from '../../ui/split-tags.ts';
import { organisedQuery, useMarking } from './use-marking.ts';

/** The server's limit of a conversation's tag, in UTF-16 units. */
const TAG_LENGTH = 40;

export interface TagSheetProps {
  ids: readonly string[];
  /** Those of them that were read: what they have in common is known of these. */
  conversations: readonly Conversation[];
  onClose: () => void;
}

/** Gives conversations tags of one's own and takes some away: each is on all of them, on some, or on none. */
export function TagSheet({ ids, conversations, onClose }: TagSheetProps) {
  const { t } = useTranslation(['list', 'common']);
  const change = useMarking();
  const [text, setText] = useState('');
  const [given, setGiven] = useState<ReadonlyMap<string, boolean>>(new Map());
  const fresh = splitTags(text)
    .map((tag) => tag.slice(0, TAG_LENGTH))
    .slice(0, CONVERSATION_TAG_LIMIT);

  async function save(): Promise<void> {
    const add = [...given].filter(([, on]) => on).map(([tag]) => tag);
    const take = [...given].filter(([, on]) => !on).map(([tag]) => tag);
    const added = [...new Set([...add, ...fresh])];
    onClose();
    await change(
      ids,
      ...(added.length > 0 ? [{ type: 'add-tags' as const, tags: added }] : []),
      ...(take.length > 0 ? [{ type: 'remove-tags' as const, tags: take }] : []),
    );
  }
  return (
    <Sheet title={t('list:tags.title', { count: ids.length })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <KnownTags
            conversations={conversations}
            given={given}
            onGive={(tag, on) => setGiven(new Map([...given, [tag, on]]))}
          />
          <TextInput
            data-autofocus
            label={t('list:tags.fresh')}
            description={t('list:tags.hint')}
            size="md"
            maxLength={400}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={given.size === 0 && fresh.length === 0}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

interface KnownTagsProps {
  conversations: readonly Conversation[];
  given: ReadonlyMap<string, boolean>;
  onGive: (tag: string, on: boolean) => void;
}

function KnownTags({ conversations, given, onGive }: KnownTagsProps) {
  const { data } = useQuery(organisedQuery);
  const tags = [...new Set([...(data?.tags ?? []).map(({ tag }) => tag), ...given.keys()])];
  return tags.map((tag) => {
    const count = conversations.filter(({ mark }) => mark.tags.includes(tag)).length;
    const chosen = given.get(tag);
    return (
      <Checkbox
        key={tag}
        label={tag}
        size="md"
        checked={chosen ?? count === conversations.length}
        indeterminate={chosen === undefined && count > 0 && count < conversations.length}
        onChange={(event) => onGive(tag, event.currentTarget.checked)}
      />
    );
  });
}
