import { useTranslation } from 'react-i18next';
import classes from './files.module.css';

/** Files hang over the conversation: letting go adds them to the message. */
export function DropNote() {
  const { t } = useTranslation('files');
  return <div className={classes['drop']}>{t('drop')}</div>;
}
