import { useId, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import classes from './character-page.module.css';

export interface CharacterTab {
  key: string;
  label: string;
  content: ReactNode;
}

/** Parts of a page one at a time, where there is no room for all (ARIA tabs, moved through with the arrow keys). */
export function CharacterTabs({ tabs, label }: { tabs: readonly CharacterTab[]; label: string }) {
  const id = useId();
  const [chosen, setChosen] = useState(tabs[0]?.key);
  const current = tabs.find(({ key }) => key === chosen) ?? tabs[0];

  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || current === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    setChosen(next.key);
    document.getElementById(`${id}-${next.key}`)?.focus();
  }

  return (
    <>
      <div className={classes['tabs']} role="tablist" aria-label={label}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            id={`${id}-${tab.key}`}
            type="button"
            role="tab"
            aria-selected={tab === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => setChosen(tab.key)}
            onKeyDown={onKeyDown}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={current && `${id}-${current.key}`}
        className={classes['panel']}
      >
        {current?.content}
      </div>
    </>
  );
}
