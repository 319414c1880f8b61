import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryRule } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { InlineForm } from '../../ui/inline-form.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { memoryRulesQuery } from './memory-queries.ts';
import { useMemoryChange } from './use-memory-change.ts';

/** Units of a rule's words, as the server takes them. */
export const RULE_LENGTH = 200;

/** What is never remembered: words, and single messages. */
export function MemoryRules({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  const { data: rules = [] } = useQuery(memoryRulesQuery(characterId));
  return (
    <Panel title={t('rules.title')} lead={t('rules.lead', { name })}>
      {rules.length > 0 && (
        <PanelList>
          {rules.map((rule) => (
            <RuleRow key={rule.id} rule={rule} characterId={characterId} />
          ))}
        </PanelList>
      )}
      <AddRule characterId={characterId} />
    </Panel>
  );
}

function RuleRow({ rule, characterId }: { rule: MemoryRule; characterId: string }) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const { id, kind, label, messageId, everyCharacter } = rule;

  async function remove(): Promise<void> {
    if ((await change(api.call('removeMemoryRule', { params: { id } }))) === undefined) return;
    const again =
      kind === 'message' && messageId !== null
        ? ({ kind, messageId } as const)
        : ({ kind: 'words', words: label, everyCharacter } as const);
    const params = { id: characterId };
    showToast({
      text: t('memory:rules.removed'),
      action: {
        label: t('common:undo'),
        run: () => void change(api.call('addMemoryRule', { params, body: again })),
      },
    });
  }

  const details = [t(`memory:rules.kind.${kind}`), everyCharacter ? t('memory:rules.everyCharacter') : null].filter(
    (detail) => detail !== null,
  );
  return (
    <PanelRow title={label} detail={details.join(' · ')}>
      <Button variant="default" aria-label={t('memory:rules.remove', { label })} onClick={() => void remove()}>
        {t('common:remove')}
      </Button>
    </PanelRow>
  );
}

function AddRule({ characterId }: { characterId: string }) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const [words, setWords] = useState('');
  const [everyCharacter, setEveryCharacter] = useState(false);
  async function add(): Promise<void> {
    if (words.trim() === '') return;
    const body = { kind: 'words', words: words.trim(), everyCharacter } as const;
    if ((await change(api.call('addMemoryRule', { params: { id: characterId }, body }))) !== undefined) setWords('');
  }
  return (
    <>
      <InlineForm onSubmit={add}>
        <TextInput
          label={t('memory:rules.words')}
          description={t('memory:rules.wordsHint')}
          value={words}
          maxLength={RULE_LENGTH}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button type="submit" disabled={words.trim() === ''}>
          {t('memory:rules.add')}
        </Button>
      </InlineForm>
      <Checkbox
        size="md"
        label={t('memory:rules.forEvery')}
        checked={everyCharacter}
        onChange={(event) => setEveryCharacter(event.currentTarget.checked)}
      />
    </>
  );
}
