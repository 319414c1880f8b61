import { useTranslation } from 'react-i18next';
import { AttachedBooks } from '../books/attached-books.tsx';
import classes from './personas.module.css';

/** The books that count wherever the person is this one. */
export function PersonaBooks({ personaId }: { personaId: string }) {
  const { t } = useTranslation('books');
  return (
    <section className={classes['part']}>
      <h2>{t('attached.persona')}</h2>
      <AttachedBooks target={{ kind: 'persona', id: personaId }} />
    </section>
  );
}
