// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { listenForKeys } from './listen-for-keys.ts';

afterEach(() => document.body.replaceChildren());

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return event;
}

test('a press that closes a dialog at once does nothing behind it; the next one does', () => {
  const act = vi.fn<(event: KeyboardEvent) => void>();
  const end = listenForKeys(act);
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-modal', 'true');
  document.body.append(dialog);
  addEventListener('keydown', () => dialog.remove(), { capture: true, once: true });
  press('Escape');
  expect(act).not.toHaveBeenCalled();
  const second = press('Escape');
  expect(act.mock.calls).toEqual([[second]]);
  end();
  press('Escape');
  expect(act).toHaveBeenCalledOnce();
});

test('what something nearer took is not told', () => {
  const act = vi.fn<(event: KeyboardEvent) => void>();
  const end = listenForKeys(act);
  document.body.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
  press('a');
  expect(act).not.toHaveBeenCalled();
  end();
});
