import { useState } from 'react';
import { keepDraftHearing, readDraftHearing } from '../../../state/drafts.ts';
import { hearingSchema, type Hearing } from './hearing.ts';

/** Who is to hear the next words. Kept on this device: a whisper half written is none for all after a reload. */
export function useHearing(conversationId: string): [hearing: Hearing, choose: (hearing: Hearing) => void] {
  const [hearing, setHearing] = useState<Hearing>(
    () => readDraftHearing(conversationId, hearingSchema) ?? { kind: 'open' },
  );
  function choose(next: Hearing): void {
    setHearing(next);
    keepDraftHearing(conversationId, next.kind === 'open' ? null : next);
  }
  return [hearing, choose];
}
