import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOCALES, changeLocale, currentLocale } from '../../state/i18n.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import classes from './welcome.module.css';

export function NameStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(['welcome', 'common']);
  const errorText = useErrorText();
  const me = useMe();
  const updateMe = useUpdateMe();
  const [name, setName] = useState(me.name);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    try {
      await updateMe({ name, locale: currentLocale() });
      onDone();
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <form
      className={classes['nameStep']}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h1>{t('welcome:languageTitle')}</h1>
      <ChoiceCards
        label={t('welcome:languageLead')}
        value={currentLocale()}
        choices={LOCALES.map((value) => ({ value, label: t(`common:language.${value}`), lang: value }))}
        onChange={changeLocale}
      />
      <TextInput
        size="lg"
        label={t('welcome:nameLabel')}
        description={t('welcome:nameHint')}
        placeholder={t('welcome:namePlaceholder')}
        value={name}
        maxLength={80}
        autoComplete="given-name"
        error={problem}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" size="lg" disabled={name.trim() === ''} loading={busy}>
        {t('welcome:next')}
      </Button>
    </form>
  );
}
