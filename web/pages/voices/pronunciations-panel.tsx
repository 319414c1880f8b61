import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Locale } from '../../../contract/common.ts';
import type { Pronunciation } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { LOCALES, currentLocale } from '../../state/i18n.ts';
import { useGuard } from '../../state/use-guard.ts';
import { IconTrash } from '../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { HearButton } from './hear-button.tsx';
import { sampleAddress } from './sample-address.ts';
import { pronunciationsQuery } from './voice-queries.ts';
import classes from './voices.module.css';

/** Words that are said in a way of their own. */
export function PronunciationsPanel() {
  const { t } = useTranslation('voices');
  const { data: words } = useQuery(pronunciationsQuery);
  return (
    <Panel title={t('words.title')} lead={t('words.lead')}>
      <AddWordForm />
      {words?.length === 0 && <p>{t('words.empty')}</p>}
      <PanelList>
        {words?.map((word) => (
          <WordRow key={word.id} word={word} />
        ))}
      </PanelList>
    </Panel>
  );
}

function AddWordForm() {
  const { t } = useTranslation(['voices', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [language, setLanguage] = useState<Locale>(currentLocale());
  const [written, setWritten] = useState('');
  const [spoken, setSpoken] = useState('');
  const complete = written.trim() !== '' && spoken.trim() !== '';

  async function add(): Promise<void> {
    const added = await guard(api.call('addPronunciation', { body: { language, written, spoken } }));
    if (added === undefined) return;
    setWritten('');
    setSpoken('');
    await queryClient.invalidateQueries(pronunciationsQuery);
  }

  return (
    <form
      className={classes['filters']}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void add();
      }}
    >
      <TextInput
        label={t('voices:words.written')}
        value={written}
        maxLength={80}
        onChange={(event) => setWritten(event.currentTarget.value)}
      />
      <TextInput
        label={t('voices:words.spoken')}
        value={spoken}
        maxLength={200}
        onChange={(event) => setSpoken(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('voices:language')}
        value={language}
        data={LOCALES.map((value) => ({ value, label: t(`common:language.${value}`) }))}
        onChange={(event) => setLanguage(event.currentTarget.value === 'en' ? 'en' : 'zh-CN')}
      />
      <Button type="submit" className={classes['submit'] ?? ''} disabled={!complete}>
        {t('voices:words.add')}
      </Button>
    </form>
  );
}

function WordRow({ word }: { word: Pronunciation }) {
  const { t } = useTranslation('voices');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { id, written, spoken, language } = word;

  async function remove(): Promise<void> {
    await guard(api.call('removePronunciation', { params: { id } }));
    await queryClient.invalidateQueries(pronunciationsQuery);
  }

  return (
    <PanelRow title={written} detail={t('words.saidAs', { spoken })}>
      <HearButton url={sampleAddress({ voice: null, locale: language, text: spoken })} name={written} />
      <ActionIcon
        variant="subtle"
        size={44}
        aria-label={t('words.removeOf', { word: written })}
        onClick={() => void remove()}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </PanelRow>
  );
}
