// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { MessageList } from './message-list.tsx';
import type { MessageListProps } from './message-list.tsx';

/** The test document has no layout: the scroller is 600 px high and rows are 100 px. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function offset(this: HTMLElement) {
    return this.tagName === 'LI' ? 100 : 600;
  });
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
});
afterEach(() => vi.restoreAllMocks());

function rows(from: number, to: number): MessageListProps['items'] {
  return Array.from({ length: to - from }, (_, index) => ({
    key: `m${from + index}`,
    element: `Message ${from + index}`,
  }));
}

async function show(change: Partial<MessageListProps> = {}) {
  const onLoadOlder = vi.fn<() => Promise<void>>(async () => undefined);
  const props = {
    items: rows(4950, 5000),
    lang: 'en',
    firstPosition: 4951,
    total: 5000,
    hasOlder: true,
    onLoadOlder,
    jumpToEnd: 0,
    soughtKey: null,
    ...change,
  };
  await renderPage(<MessageList {...props} />);
  return { onLoadOlder, scroller: screen.getByRole('region', { name: 'Messages' }) };
}

test('keeps only what is near the screen in the document, and says where it stands', async () => {
  await show();
  const items = screen.getAllByRole('listitem');
  expect(items.length).toBeGreaterThan(0);
  expect(items.length).toBeLessThan(30);
  expect(items[0]?.getAttribute('aria-setsize')).toBe('5000');
  const first = items[0];
  expect(Number(first?.getAttribute('aria-posinset'))).toBe(4951 + Number(first?.dataset['index']));
});

test('asks for one older page at a time when the top comes near', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onLoadOlder = vi.fn<() => Promise<void>>(() => promise);
  const { scroller } = await show({ onLoadOlder });
  fireEvent.scroll(scroller, { target: { scrollTop: 300 } });
  fireEvent.scroll(scroller, { target: { scrollTop: 200 } });
  expect(onLoadOlder).toHaveBeenCalledOnce();
  await act(async () => resolve());
  fireEvent.scroll(scroller, { target: { scrollTop: 100 } });
  expect(onLoadOlder).toHaveBeenCalledTimes(2);
});

test('asks for nothing at the beginning', async () => {
  const { onLoadOlder, scroller } = await show({ hasOlder: false });
  fireEvent.scroll(scroller, { target: { scrollTop: 0 } });
  expect(onLoadOlder).not.toHaveBeenCalled();
});

test('offers the way to the end when it is out of sight', async () => {
  const { scroller } = await show();
  expect(screen.queryByRole('button', { name: 'To the newest message' })).toBeNull();
  vi.spyOn(scroller, 'scrollHeight', 'get').mockReturnValue(6000);
  fireEvent.scroll(scroller, { target: { scrollTop: 2000 } });
  expect(screen.getByRole('button', { name: 'To the newest message' })).toBeTruthy();
});
