import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { SEARCH_QUERY_LIMIT } from '../../../contract/search.ts';
import { formatDateTime } from '../../state/format.ts';
import { IconChevronDown, IconChevronUp, IconGitBranch, IconLayoutList, IconX } from '../../ui/icons.ts';
import { MarkedExcerpt } from './marked-excerpt.tsx';
import classes from './search.module.css';
import { useFind, type Find } from './use-find.ts';
import type { FindState } from './use-find-bar.ts';

/** Looks through one conversation, newest first: Enter goes to the next older hit, Shift+Enter back. */
export function FindBar({ conversation, find: bar }: { conversation: Conversation; find: FindState }) {
  const { t } = useTranslation('search');
  const input = useRef<HTMLInputElement>(null);
  const [listed, setListed] = useState(false);
  const find = useFind(conversation.id, bar);
  useEffect(() => input.current?.focus(), []);

  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') bar.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <search className={classes['find']} aria-label={t('findHere')}>
      <div className={classes['findRow']}>
        <input
          ref={input}
          type="search"
          aria-label={t('findHere')}
          placeholder={t('findHere')}
          value={find.typed}
          maxLength={SEARCH_QUERY_LIMIT}
          autoComplete="off"
          enterKeyHint="search"
          onChange={(event) => find.setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <span className={classes['status']} role="status">
          {find.status}
        </span>
        <FindButtons find={find} listed={listed} onList={() => setListed(!listed)} onClose={bar.close} />
      </div>
      {listed && find.hits.length > 0 && <FindList find={find} lang={conversation.locale} />}
    </search>
  );
}

interface FindButtonsProps {
  find: Find;
  listed: boolean;
  onList: () => void;
  onClose: () => void;
}

function FindButtons({ find, listed, onList, onClose }: FindButtonsProps) {
  const { t } = useTranslation('search');
  const none = find.hits.length === 0;
  return (
    <>
      <button type="button" aria-label={t('older')} disabled={none} onClick={() => find.step(1)}>
        <IconChevronUp size={20} aria-hidden />
      </button>
      <button type="button" aria-label={t('newer')} disabled={none} onClick={() => find.step(-1)}>
        <IconChevronDown size={20} aria-hidden />
      </button>
      <button type="button" aria-label={t('list')} aria-expanded={listed} disabled={none} onClick={onList}>
        <IconLayoutList size={20} aria-hidden />
      </button>
      <button type="button" aria-label={t('closeFind')} onClick={onClose}>
        <IconX size={20} aria-hidden />
      </button>
    </>
  );
}

function FindList({ find, lang }: { find: Find; lang: string }) {
  return (
    <ol className={classes['hits']} lang={lang}>
      {find.hits.map((hit) => (
        <li key={hit.messageId}>
          <button type="button" aria-current={hit.messageId === find.chosen} onClick={() => find.choose(hit)}>
            <span className={classes['hitHead']}>
              <b>{hit.author.name}</b>
              <time dateTime={new Date(hit.createdAt).toISOString()}>{formatDateTime(hit.createdAt)}</time>
              {!hit.onPath && <OtherBranch />}
            </span>
            <MarkedExcerpt excerpt={hit.excerpt} />
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Said of hits that are not on the active path. */
export function OtherBranch() {
  const { t } = useTranslation('search');
  return (
    <span className={classes['branch']}>
      <IconGitBranch size={14} aria-hidden />
      {t('otherBranch')}
    </span>
  );
}
