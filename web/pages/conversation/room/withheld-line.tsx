import { useTranslation } from 'react-i18next';
import classes from './room-row.module.css';

/** Stands once for everything that was said meanwhile and not heard here. */
export function WithheldLine() {
  const { t } = useTranslation('room');
  return <p className={classes['withheld']}>{t('withheld')}</p>;
}
