import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { useMe } from '../../state/use-me.ts';
import { ChooseStep } from './choose-step.tsx';
import { NameStep } from './name-step.tsx';
import classes from './welcome.module.css';

/** First start: language and name, then a model on its way and a first character. */
export function WelcomePage() {
  const { t } = useTranslation(['welcome', 'common']);
  const me = useMe();
  const [step, setStep] = useState<'name' | 'choose'>(me.name === '' ? 'name' : 'choose');
  usePageTitle(step === 'name' ? t('welcome:languageTitle') : t('welcome:title'));
  return (
    <main className={classes['page']} id="content">
      <p className={classes['brand']}>
        {t('common:app')} <small>{t('common:appSubtitle')}</small>
      </p>
      {step === 'name' ? <NameStep onDone={() => setStep('choose')} /> : <ChooseStep />}
    </main>
  );
}
