import { Modal } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SEARCH_QUERY_LIMIT } from '../../../contract/search.ts';
import { closePalette } from '../../state/palette.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import classes from './search.module.css';
import { usePaletteOptions, type PaletteGroup, type PaletteOption } from './use-palette-options.tsx';

const LIST_ID = 'palette-options';

/** Everything by its name or its words: commands, characters, conversations, messages. Arrow keys, Enter, Escape. */
export function Palette() {
  const { t } = useTranslation(['search', 'common']);
  const narrow = useIsNarrow();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { groups, searching } = usePaletteOptions(useDeferredValue(typed.trim()));
  const options = groups.flatMap((group) => group.options);
  const active = options[Math.min(at, options.length - 1)];

  function run(option: (typeof options)[number] | undefined): void {
    if (option === undefined) return;
    closePalette();
    option.run();
  }
  function onKeyDown(event: React.KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing || options.length === 0) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((Math.min(at, options.length - 1) + step + options.length) % options.length);
    else if (event.key === 'Enter') run(active);
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={closePalette}
      title={t('search:palette')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      size="lg"
      fullScreen={narrow}
    >
      <div className={classes['palette']}>
        <input
          className={classes['paletteInput']}
          data-autofocus
          role="combobox"
          aria-expanded={options.length > 0}
          aria-controls={LIST_ID}
          aria-activedescendant={active === undefined ? undefined : optionId(active.key)}
          aria-autocomplete="list"
          aria-label={t('search:paletteHint')}
          placeholder={t('search:paletteHint')}
          value={typed}
          maxLength={SEARCH_QUERY_LIMIT}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Options {...{ groups, active }} onRun={run} />
        <p className={classes['note']} role="status">
          {options.length === 0 && typed.trim() !== '' && !searching ? t('search:none') : ''}
        </p>
      </div>
    </Modal>
  );
}

interface OptionsProps {
  groups: readonly PaletteGroup[];
  active: PaletteOption | undefined;
  onRun: (option: PaletteOption) => void;
}

function Options({ groups, active, onRun }: OptionsProps) {
  const { t } = useTranslation('search');
  return (
    <div id={LIST_ID} role="listbox" aria-label={t('results')} className={classes['options']}>
      {groups.map((group) => (
        <div key={group.name} role="group" aria-label={group.name}>
          <p className={classes['group']} aria-hidden>
            {group.name}
          </p>
          {group.options.map((option) => (
            // Keys go through the field above, which names the active option.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={option.key}
              id={optionId(option.key)}
              role="option"
              aria-selected={option === active}
              className={classes['option']}
              onClick={() => onRun(option)}
            >
              {option.shown}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function optionId(key: string): string {
  return `palette-${key}`;
}
