import { access, readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './project-root.ts';

/** Of links and pictures in markdown, those that lead to files beside them. */
const LOCAL_TARGET = /\]\((?!https?:|#)([^)\s#]+)[^)]*\)/g;

const guides = (await readdir(join(projectRoot, 'docs/guide'))).map((name) => `docs/guide/${name}`);

test('what people read first leads to every guide', async () => {
  const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
  expect(guides.filter((guide) => !readme.includes(`(${guide})`))).toEqual([]);
});

test('links and pictures of the documentation are there', async () => {
  const missing: string[] = [];
  for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md', ...guides]) {
    const text = await readFile(join(projectRoot, page), 'utf8');
    for (const [, target = ''] of text.matchAll(LOCAL_TARGET)) {
      const path = join(projectRoot, dirname(page), target);
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (!isThere) missing.push(`${page}: ${target}`);
    }
  }
  expect(missing).toEqual([]);
});
