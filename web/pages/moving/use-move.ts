import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { fillPath } from '../../../client/create-client.ts';
import { watchMove } from '../../../client/watch-move.ts';
import type { MoveStatus, StartMove } from '../../../contract/moving.ts';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { bundleFiles } from './bundle-files.ts';
import type { ChosenFile } from './gather-files.ts';

/** Between attempts to follow a move again, milliseconds. */
const RETRY_AFTER_MS = 1500;

export interface Upload {
  sent: number;
  total: number;
}

export interface MoveControl {
  move: MoveStatus | null;
  upload: Upload | null;
  /** Uploads files and has them looked through. */
  bring: (files: readonly ChosenFile[]) => Promise<void>;
  /** Looks through a directory of the machine the house runs on. */
  look: (directory: string) => Promise<void>;
  start: (choice: StartMove) => Promise<void>;
  cancel: () => Promise<void>;
  /** Back to the beginning. */
  reset: () => void;
}

/** The move of this person, wherever it was begun: a page that was left and opened again sees it go on. */
export function useMove(): MoveControl {
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [move, setMove] = useState<MoveStatus | null>(null);
  const [upload, setUpload] = useState<Upload | null>(null);
  useEffect(() => {
    void api.call('currentMove').then(
      ({ move: current }) => setMove(current?.state === 'collecting' ? null : current),
      () => undefined,
    );
  }, []);
  useFollowedMove(move, setMove);
  const state = move?.state;
  useEffect(() => {
    if (state === 'done') void queryClient.invalidateQueries();
  }, [state, queryClient]);
  const survey = async (begun: MoveStatus, body: { directory?: string }) => {
    const status = await guard(api.call('surveyMove', { params: { id: begun.id }, body }));
    if (status) setMove(status);
  };
  const change = async (work: Promise<MoveStatus>) => {
    const status = await guard(work);
    if (status) setMove(status);
  };
  return {
    move,
    upload,
    bring: async (files) => {
      const total = files.reduce((sum, { file }) => sum + file.size, 0);
      setUpload({ sent: 0, total });
      const begun = await guard(sendAll(files, (sent) => setUpload({ sent, total })));
      setUpload(null);
      if (begun) await survey(begun, {});
    },
    look: async (directory) => {
      const begun = await guard(api.call('beginMove'));
      if (begun) await survey(begun, { directory });
    },
    start: async (body) => {
      if (move) await change(api.call('startMove', { params: { id: move.id }, body }));
    },
    cancel: async () => {
      if (move) await change(api.call('cancelMove', { params: { id: move.id } }));
    },
    reset: useCallback(() => setMove(null), []),
  };
}

async function sendAll(files: readonly ChosenFile[], onSent: (bytes: number) => void): Promise<MoveStatus> {
  const begun = await api.call('beginMove');
  let sent = 0;
  for (const { blob, bytes } of bundleFiles(files)) {
    await api.send(fillPath(API_ADDRESSES.moveFiles, { id: begun.id }), {
      body: blob,
      contentType: 'application/x-everwith-bundle',
    });
    sent += bytes;
    onSent(sent);
  }
  return begun;
}

/** Keeps a running move up to date. */
function useFollowedMove(
  move: MoveStatus | null,
  setMove: (change: (before: MoveStatus | null) => MoveStatus | null) => void,
) {
  const id = move !== null && (move.state === 'surveying' || move.state === 'importing') ? move.id : null;
  useEffect(() => {
    if (id === null) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    void follow();
    return () => controller.abort();

    async function follow(): Promise<void> {
      while (!signal.aborted) {
        try {
          for await (const event of watchMove({ client: api, id: id ?? '', signal })) {
            setMove((before) =>
              event.type === 'move-change' ? event.status : before && { ...before, progress: event.progress },
            );
          }
        } catch {
          // The connection broke: look again.
        }
        if (signal.aborted) return;
        const current = await api.call('currentMove').catch(() => undefined);
        if (current !== undefined) setMove(() => current.move);
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    }
  }, [id, setMove]);
}
