import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { ToolPart } from '../../../../contract/tool-parts.ts';
import type { ConsentAnswer } from '../../../../contract/tools.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { Sheet } from '../../../ui/sheet.tsx';
import { useClaims } from '../../tools/use-claims.ts';
import { pretty } from './tool-call.tsx';
import classes from './tool-call.module.css';

const ANSWERS = ['once', 'conversation', 'always', 'no', 'never'] as const satisfies readonly ConsentAnswer[];

/** Asks the host, one call after the other, whether a tool may be called with exactly these arguments. */
export function ConsentSheet({ state, conversationId }: { state: ConversationState; conversationId: string }) {
  const { t } = useTranslation('tools');
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const asked = [...state.streaming.values()].flatMap(({ messageId, tools }) =>
    tools
      .filter(({ part }) => part.state === 'asked' && !answered.has(part.callId))
      .map(({ part }) => ({ part, name: state.known.get(messageId)?.author.name ?? '' })),
  );
  const [first] = asked;
  return (
    <>
      <p className="visually-hidden" aria-live="assertive">
        {first && t('consent.announce', { name: first.name, tool: first.part.title || first.part.tool })}
      </p>
      {first && (
        <Question
          key={first.part.callId}
          part={first.part}
          name={first.name}
          conversationId={conversationId}
          onDone={() => setAnswered(new Set([...answered, first.part.callId]))}
        />
      )}
    </>
  );
}

interface QuestionProps {
  part: ToolPart;
  /** Who wants to call it. */
  name: string;
  conversationId: string;
  onDone: () => void;
}

function Question({ part, name, conversationId, onDone }: QuestionProps) {
  const { t } = useTranslation('tools');
  const guard = useGuard();
  const claims = useClaims()(part.claims);
  const tool = part.title || part.tool;

  async function answer(choice: ConsentAnswer): Promise<void> {
    onDone();
    const params = { id: conversationId, callId: part.callId };
    await guard(api.call('answerToolCall', { params, body: { answer: choice } }));
  }

  return (
    // Closing is an answer too: a call that nobody allowed is not made.
    <Sheet title={t('consent.title', { name, tool })} onClose={() => void answer('no')}>
      <p className={classes['soft']}>
        {t('consent.server', { server: part.server })} · {part.tool}
      </p>
      {(part.description ?? '') !== '' && (
        <>
          <h3>{t('consent.saysOfItself')}</h3>
          <p className={classes['quote']}>{part.description}</p>
        </>
      )}
      {claims !== '' && <p className={classes['soft']}>{t('consent.claim', { claims })}</p>}
      <h3>{t('consent.arguments')}</h3>
      <pre className={classes['exact']}>{pretty(part.input)}</pre>
      <p className={classes['soft']}>{t('consent.later')}</p>
      <div className={classes['buttons']}>
        {ANSWERS.map((choice) => (
          <Button
            key={choice}
            variant={choice === 'once' ? 'filled' : choice === 'no' ? 'default' : 'subtle'}
            onClick={() => void answer(choice)}
          >
            {t(`consent.${choice}`)}
          </Button>
        ))}
      </div>
    </Sheet>
  );
}
