import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './memory-page.module.css';
import { MEMORY_VIEWS, type MemoryView } from './memory-search.ts';

export interface MemoryViewsProps {
  characterId: string;
  name: string;
  current: MemoryView;
}

/** The ways to look at a memory, each with an address of its own. */
export function MemoryViews({ characterId, name, current }: MemoryViewsProps) {
  const { t } = useTranslation('memory');
  return (
    <nav className={classes['views']} aria-label={t('views.label')}>
      <ul>
        {MEMORY_VIEWS.map((view) => (
          <li key={view}>
            <Link
              to="/characters/$characterId/memory"
              params={{ characterId }}
              search={view === 'portrait' ? {} : { view }}
              activeOptions={{ includeSearch: true, exact: true }}
              aria-current={view === current ? 'page' : undefined}
              data-current={view === current}
            >
              {t(`views.${view}`, { name })}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
