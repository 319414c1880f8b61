import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './commands.module.css';
import type { ComposerMenuState, MenuOption } from './use-composer-menu.ts';

/** What can be chosen while a command or a name is written: above the box, by arrows, Enter, Tab, pointer and finger. */
export function ComposerMenu({ menu }: { menu: ComposerMenuState }) {
  const { t } = useTranslation('compose');
  const list = useRef<HTMLDivElement>(null);
  const { options, active, kind } = menu;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, options]);
  return (
    <>
      <span className="visually-hidden" role="status">
        {options.length === 0 ? '' : t('menu.count', { count: options.length })}
      </span>
      {options.length > 0 && (
        <div
          ref={list}
          id={menu.listId}
          className={classes['menu']}
          role="listbox"
          // A list that scrolls must scroll by keyboard too.
          tabIndex={0}
          aria-label={kind === 'mentions' ? t('menu.people') : t('menu.commands')}
        >
          {options.map((option, index) => (
            <Option key={option.key} {...{ option, menu }} id={menu.optionId(index)} selected={index === active} />
          ))}
        </div>
      )}
    </>
  );
}

interface OptionProps {
  option: MenuOption;
  menu: ComposerMenuState;
  id: string;
  selected: boolean;
}

function Option({ option, menu, id, selected }: OptionProps) {
  return (
    // The focus stays in the box, which answers the keys of the list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={classes['option']}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => menu.choose(option)}
    >
      <b>
        {option.label}
        {option.argument !== undefined && <i> {option.argument}</i>}
      </b>
      {option.description !== '' && <span>{option.description}</span>}
    </div>
  );
}
