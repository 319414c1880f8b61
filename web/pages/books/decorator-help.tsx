import { useTranslation } from 'react-i18next';
import { DECORATORS } from './decorators.ts';
import classes from './entry-form.module.css';

export interface DecoratorHelpProps {
  content: string;
  onChange: (content: string) => void;
}

/** Every decorator of the V3 specification with what it does; choosing one writes it at the top of the content. */
export function DecoratorHelp({ content, onChange }: DecoratorHelpProps) {
  const { t } = useTranslation('books');
  return (
    <details className={classes['fold']}>
      <summary>{t('decorators.title')}</summary>
      <div className={classes['foldBody']}>
        <p className={classes['hint']}>{t('decorators.lead')}</p>
        <ul className={classes['decorators']}>
          {DECORATORS.map(({ name, example }) => {
            const line = `@@${name}${example === '' ? '' : ` ${example}`}`;
            return (
              <li key={name}>
                <button type="button" onClick={() => onChange(`${line}\n${content}`)}>
                  <code>{line}</code>
                  <span>{t(`decorators.about.${name}`)}</span>
                </button>
              </li>
            );
          })}
        </ul>
        <p className={classes['hint']}>{t('decorators.fallback')}</p>
      </div>
    </details>
  );
}
