import { expect, test } from 'vitest';
import { bundleFiles } from './bundle-files.ts';

const chosen = (path: string, text: string) => ({ path, file: new File([text], path) });

test('small files travel together, a large one alone, each after its head', async () => {
  const bundles = [...bundleFiles([chosen('a', '1'), chosen('b/c', '22'), chosen('d', 'x'.repeat(50))], 20)];
  expect(bundles.map(({ files, bytes }) => [files, bytes])).toEqual([
    [2, 3],
    [1, 50],
  ]);
  expect(await bundles[0]?.blob.text()).toBe('{"path":"a","size":1}\n1{"path":"b/c","size":2}\n22');
});
