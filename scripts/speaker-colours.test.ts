import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './project-root.ts';

const css = readFileSync(join(projectRoot, 'web/ui/tokens.css'), 'utf8');
const accents = [...css.matchAll(/--accent: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((left, right) => right - left);
  return (high + 0.05) / (low + 0.05);
}

function tokenOf(block: string, name: string): string {
  return new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(block)?.[1] ?? '';
}

test('every speaker’s colour is legible on every ground, in light and in dark', () => {
  const [light = '', dark = ''] = css.split("data-mantine-color-scheme='dark'");
  expect(accents).toHaveLength(8);
  for (const [, bright = '', dim = ''] of accents) {
    for (const ground of ['paper', 'card', 'mine']) {
      expect(contrast(bright, tokenOf(light, ground)), `${bright} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dim, tokenOf(dark, ground)), `${dim} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});
