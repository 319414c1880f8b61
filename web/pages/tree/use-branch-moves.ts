import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiError } from '../../../client/api-error.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { treeKey } from './tree-queries.ts';

export interface BranchMoves {
  /** Moves the path and opens the conversation there; `endHere`: to the message itself and no further. */
  go: (messageId: string, options: { endHere: boolean; revision?: number | undefined }) => Promise<void>;
  /** Does something that changes the branches; false when it was refused, which was told. */
  change: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** Moving between branches from pages beside the conversation. A path that moved elsewhere meanwhile is told and read again. */
export function useBranchMoves(conversationId: string): BranchMoves {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const change = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      showToast({ kind: 'error', text: errorText(error) });
      return false;
    } finally {
      await queryClient.invalidateQueries({ queryKey: treeKey(conversationId) });
    }
  };
  const go: BranchMoves['go'] = async (messageId, { endHere, revision }) => {
    const body = { messageId, endHere, ...(revision === undefined ? {} : { expectedRevision: revision }) };
    const moved = await change(() => api.call('chooseMessage', { params: { id: conversationId }, body }));
    if (moved) await navigate({ to: '/c/$conversationId', params: { conversationId } });
  };
  return { go, change };
}
