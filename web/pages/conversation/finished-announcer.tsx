import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageText } from '../../../client/message-text.ts';
import type { Message } from '../../../contract/messages.ts';
import { withoutMarks } from './narration.ts';

/** Tells a screen reader that a reply is being written, then the reply once, when it is whole; announcing every token would be noise. */
export function FinishedAnnouncer({ path }: { path: readonly Message[] }) {
  const { t } = useTranslation('talk');
  const [text, setText] = useState('');
  const writing = useRef<string | null>(null);
  const last = path.at(-1);
  useEffect(() => {
    if (last === undefined || last.withheld) return;
    if (last.state === 'streaming') {
      writing.current = last.id;
    } else if (writing.current === last.id) {
      writing.current = null;
      setText(t('finished', { name: last.author.name, text: withoutMarks(messageText(last)) }));
    }
  }, [last, t]);
  return (
    <>
      <p className="visually-hidden" role="status">
        {last?.state === 'streaming' && !last.withheld ? t('streamingLabel', { name: last.author.name }) : ''}
      </p>
      <div className="visually-hidden" aria-live="polite" data-testid="finished">
        {text}
      </div>
    </>
  );
}
