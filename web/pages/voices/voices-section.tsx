import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Locale } from '../../../contract/common.ts';
import type { Voice } from '../../../contract/voice.ts';
import { LOCALES, currentLocale } from '../../state/i18n.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { Panel, PanelList } from '../../ui/panel.tsx';
import { CallPreferencesPanel } from './call-preferences-panel.tsx';
import { ClonedVoicesPanel } from './cloned-voices-panel.tsx';
import { PronunciationsPanel } from './pronunciations-panel.tsx';
import { VoiceRow } from './voice-row.tsx';
import { voicesQuery } from './voice-queries.ts';
import classes from './voices.module.css';

/** Listed until somebody asks for all: below the list stands more that people look for. */
const FIRST_SHOWN = 10;

type GenderFilter = 'any' | 'female' | 'male';

/** Voices to browse, hear and install, likenesses of people's, words that are said in a way of their own, and how one likes to call. */
export function VoicesSection() {
  return (
    <>
      <CallPreferencesPanel />
      <VoicesPanel />
      <ClonedVoicesPanel />
      <PronunciationsPanel />
    </>
  );
}

function VoicesPanel() {
  const { t } = useTranslation(['voices', 'common']);
  const errorText = useErrorText();
  const { data, error } = useQuery(voicesQuery);
  const [locale, setLocale] = useState<Locale>(currentLocale());
  const [gender, setGender] = useState<GenderFilter>('any');
  const [engine, setEngine] = useState('');
  const [all, setAll] = useState(false);
  if (data === undefined) return error === null ? <LoadingPage /> : <p role="alert">{errorText(error)}</p>;
  const ofLanguage = data.voices.filter(({ languages }) => languages.includes(locale.slice(0, 2)));
  const engines = [...new Map(ofLanguage.map((voice) => [voice.engine.ref, voice.engine.label]))];
  const shown = ofLanguage
    .filter((voice) => (gender === 'any' || voice.gender === gender) && (engine === '' || voice.engine.ref === engine))
    .toSorted((one, other) => rank(other) - rank(one));
  return (
    <Panel title={t('voices:browse')} lead={t('voices:browseLead')}>
      <Filters {...{ locale, setLocale, gender, setGender, engine, setEngine, engines }} />
      <p className={classes['count']} role="status">
        {t('voices:count', { count: shown.length })}
      </p>
      <PanelList>
        {(all ? shown : shown.slice(0, FIRST_SHOWN)).map((voice) => (
          <VoiceRow key={voice.ref} voice={voice} locale={locale} usual={data.defaults[locale] === voice.ref} />
        ))}
      </PanelList>
      {!all && shown.length > FIRST_SHOWN && (
        <div>
          <Button variant="default" onClick={() => setAll(true)}>
            {t('voices:showAll', { count: shown.length })}
          </Button>
        </div>
      )}
    </Panel>
  );
}

interface FiltersProps {
  locale: Locale;
  setLocale: (locale: Locale) => void;
  gender: GenderFilter;
  setGender: (gender: GenderFilter) => void;
  /** Empty for all of them. */
  engine: string;
  setEngine: (engine: string) => void;
  /** Those of the language: their references and names. */
  engines: readonly (readonly [ref: string, label: string])[];
}

function Filters({ locale, setLocale, gender, setGender, engine, setEngine, engines }: FiltersProps) {
  const { t } = useTranslation(['voices', 'common']);
  return (
    <div className={classes['filters']}>
      <NativeSelect
        label={t('voices:language')}
        value={locale}
        data={LOCALES.map((value) => ({ value, label: t(`common:language.${value}`) }))}
        onChange={(event) => {
          setLocale(event.currentTarget.value === 'en' ? 'en' : 'zh-CN');
          setEngine('');
        }}
      />
      <NativeSelect
        label={t('voices:gender')}
        value={gender}
        data={[
          { value: 'any', label: t('voices:genders.any') },
          { value: 'female', label: t('voices:genders.female') },
          { value: 'male', label: t('voices:genders.male') },
        ]}
        onChange={(event) => setGender(readGender(event.currentTarget.value))}
      />
      <NativeSelect
        label={t('voices:engine')}
        value={engine}
        data={[{ value: '', label: t('voices:anyEngine') }, ...engines.map(([value, label]) => ({ value, label }))]}
        onChange={(event) => setEngine(event.currentTarget.value)}
      />
    </div>
  );
}

/** Those that can be heard at once stand first, the fast ones before the slow ones. */
function rank({ installed, forCalls }: Voice): number {
  return Number(installed) * 2 + Number(forCalls);
}

function readGender(value: string): GenderFilter {
  return value === 'female' || value === 'male' ? value : 'any';
}
