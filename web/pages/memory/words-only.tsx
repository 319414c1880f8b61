import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LinkedText } from '../../ui/linked-text.tsx';

/** Says that nothing is found by meaning, and where to get what does. */
export function WordsOnly() {
  const { t } = useTranslation('memory');
  return (
    <LinkedText text={t('search.wordsOnly')} link={<Link to="/settings/$section" params={{ section: 'models' }} />} />
  );
}
