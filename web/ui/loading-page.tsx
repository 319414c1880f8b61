import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './plain-page.module.css';

export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <div className={classes['page']} role="status">
      <Loader type="dots" />
      <span className="visually-hidden">{t('loading')}</span>
    </div>
  );
}
