import { describe, expect, test } from 'vitest';
import { assetMediaType, isShownMedia } from './asset-media.ts';

const svg = (inside: string, attributes = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`);

describe('the type of a file', () => {
  test.each([
    ['image/svg+xml', svg('<path d="M0 0h9v9"/>')],
    ['image/svg+xml', svg('<defs><g id="a"/></defs><use href="#a"/><rect fill="url(#b)"/>')],
    ['application/octet-stream', Buffer.from('plain words')],
    ['application/octet-stream', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['application/octet-stream', Buffer.alloc(0)],
    ['image/gif', Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;')],
  ])('is %s', async (type, bytes) => {
    expect(await assetMediaType(bytes)).toBe(type);
  });

  test.each([
    ['<script>alert(1)</script>', ''],
    ['<svg:script>alert(1)</svg:script>', ''],
    ['', 'onload="alert(1)"'],
    ['', 'ONLOAD = alert(1)'],
    ['<foreignObject/>', ''],
    ['<image href="https://elsewhere/x.png"/>', ''],
    ['<a xlink:href="javascript:alert(1)"/>', ''],
    ['<a href="&#106;avascript:alert(1)"/>', ''],
    ['<style>@import "x"</style>', ''],
    ['<rect fill="url(https://elsewhere)"/>', ''],
    ['<animate attributeName="href" to="x"/>', ''],
  ])('an SVG with %s %s is a download', async (inside, attributes) => {
    const type = await assetMediaType(svg(inside, attributes));
    expect(isShownMedia(type)).toBe(false);
  });

  test('only pictures and sounds are shown', () => {
    expect(['image/png', 'audio/mpeg', 'image/svg+xml'].every(isShownMedia)).toBe(true);
    expect(['text/html', 'application/pdf', 'video/mp4', 'image/tiff'].some(isShownMedia)).toBe(false);
  });
});
