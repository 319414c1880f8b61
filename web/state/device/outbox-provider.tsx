import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { Outbox } from '../../../client/outbox.ts';
import { api } from '../api.ts';
import { listenForWake } from './listen-for-wake.ts';
import { createOutboxDatabase, lockAcrossTabs } from './outbox-database.ts';

const OutboxContext = createContext<Outbox | null>(null);

/** Sends what waits, whichever page is open; a conversation's page shows what waits there. */
export function OutboxProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const [outbox, setOutbox] = useState<Outbox | null>(null);
  useEffect(() => {
    const storage = createOutboxDatabase(userId);
    const opened = new Outbox({ client: api, storage, now: Date.now, lock: lockAcrossTabs, onWake: listenForWake });
    void opened.open();
    setOutbox(opened);
    return () => opened[Symbol.dispose]();
  }, [userId]);
  return <OutboxContext.Provider value={outbox}>{children}</OutboxContext.Provider>;
}

/** Null before the first effect, and outside the frame. */
export function useOutbox(): Outbox | null {
  return useContext(OutboxContext);
}
