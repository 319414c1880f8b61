import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './plain-page.module.css';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main className={classes['page']}>
      <h1>{t('notFound.title')}</h1>
      <p>{t('notFound.body')}</p>
      <Link to="/">{t('notFound.home')}</Link>
    </main>
  );
}
