// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { Prose } from './prose.tsx';

test('narration and speech are told apart', async () => {
  await renderPage(<Prose text={'*She hands you a towel.*\n\nThe reef takes one from *every* guest.'} />);
  expect(screen.getByText('She hands you a towel.').dataset['kind']).toBe('narration');
  expect(screen.getByText('every').dataset['kind']).toBe('stress');
});

test('HTML stays text and runs nothing', async () => {
  await renderPage(<Prose text={'<img src=x onerror=alert(1)> <script>alert(1)</script> hello'} />);
  await screen.findByText(/onerror/);
  expect(document.querySelector('[data-testid="page"] img, [data-testid="page"] script')).toBeNull();
});

test('a picture is never loaded and a link gives nothing away', async () => {
  await renderPage(
    <Prose text={'![my cat](https://evil.example/cat.png)\n\n[out](https://example.org) [bad](javascript:alert(1))'} />,
  );
  expect(await screen.findByText('Picture not loaded: my cat')).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
  const link = screen.getByRole('link', { name: 'out' });
  expect(link.getAttribute('rel')).toContain('noopener');
  expect(link.getAttribute('target')).toBe('_blank');
  expect(screen.getByText('bad').getAttribute('href')).toBe('');
});

test('narration inside rich text is found too', async () => {
  await renderPage(<Prose text={'*她笑了。*你来了\n\n- one\n- two'} />);
  await screen.findByRole('list');
  expect(screen.getByText('她笑了。').dataset['kind']).toBe('narration');
});

test('a mark not closed yet does not show while streaming', async () => {
  await renderPage(<Prose text={'*She ha'} streaming />);
  expect(screen.getByText('She ha').dataset['kind']).toBe('narration');
});
