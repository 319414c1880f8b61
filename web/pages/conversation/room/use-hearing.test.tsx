// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { useHearing } from './use-hearing.ts';

beforeEach(() => localStorage.clear());

test('a whisper that was begun is still one after a reload, in its own conversation only', () => {
  const { result, unmount } = renderHook(() => useHearing('c1'));
  expect(result.current[0]).toEqual({ kind: 'open' });
  act(() => result.current[1]({ kind: 'whisper', to: ['p1'] }));
  expect(result.current[0]).toEqual({ kind: 'whisper', to: ['p1'] });
  unmount();
  const { result: again } = renderHook(() => useHearing('c1'));
  expect(again.current[0]).toEqual({ kind: 'whisper', to: ['p1'] });
  expect(renderHook(() => useHearing('c2')).result.current[0]).toEqual({ kind: 'open' });
  act(() => again.current[1]({ kind: 'open' }));
  expect(localStorage.length).toBe(0);
});

test('what somebody else wrote into the storage is left alone', () => {
  localStorage.setItem('everwith.draft-hearing.c1', '{"kind":"whisper","to":7}');
  expect(renderHook(() => useHearing('c1')).result.current[0]).toEqual({ kind: 'open' });
});
