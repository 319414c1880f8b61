// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  dropDraft,
  keepDraft,
  keepDraftEdit,
  keepDraftFiles,
  readDraft,
  readDraftEdit,
  readDraftFiles,
} from './drafts.ts';

beforeEach(() => localStorage.clear());

const fileSchema = z.object({ id: z.string() });

test('words and files are kept by conversation and go together once they are sent', () => {
  keepDraft('c1', 'half a thought');
  keepDraftFiles('c1', [{ id: 'a1' }]);
  keepDraft('c2', 'elsewhere');
  expect(readDraftFiles('c1', fileSchema)).toEqual([{ id: 'a1' }]);
  dropDraft('c1');
  expect([readDraft('c1'), readDraftFiles('c1', fileSchema), readDraft('c2')]).toEqual(['', [], 'elsewhere']);
});

test('files that the server has swept away by now are not offered again', () => {
  keepDraftFiles('c1', [{ id: 'a1' }]);
  vi.useFakeTimers({ now: Date.now() + 25 * 60 * 60 * 1000 });
  expect(readDraftFiles('c1', fileSchema)).toEqual([]);
  vi.useRealTimers();
});

test('what somebody else wrote into the storage is left alone', () => {
  localStorage.setItem('everwith.draft-files.c1', '{"files":');
  localStorage.setItem('everwith.draft-edit.c1', '[1]');
  expect(readDraftFiles('c1', fileSchema)).toEqual([]);
  expect(readDraftEdit('c1')).toBeNull();
  keepDraftEdit('c1', { messageId: 'm1', text: 'better' });
  expect(readDraftEdit('c1')).toEqual({ messageId: 'm1', text: 'better' });
});
