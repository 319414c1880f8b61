import { expect, test } from 'vitest';
import type { OpenboxRun, OpenboxTaskResult } from '../../contract/openbox.ts';
import { openEverwithHome } from './support/everwith-process.ts';

interface Printed {
  run: Omit<OpenboxRun, 'id'> & { id: string | null };
  results: OpenboxTaskResult[];
}

test('asks the borrowed house, keeps what was finished at Ctrl-C, and names models that are not there', async () => {
  await using home = await openEverwithHome({
    rules: [{ times: 1, steps: [{ type: 'tokens', tokens: ['Sun', 'ny'] }] }, { steps: [{ type: 'hang' }] }],
  });
  const words = ['eval', 'openbox', '--data', home.data, '--model'];
  const running = home.start([...words, 'test', '--categories', 'tools', '--json']);
  await running.waitFor(/1 of \d+: 0 passed, 0 errors/);
  running.child.kill('SIGINT');
  const stopped = await running.ended;
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toMatch(/Stopped after 1 of \d+\.\nKept as \S+ for Scripted model/);
  const { run, results } = JSON.parse(stopped.stdout) as Printed;
  expect(run).toMatchObject({
    complete: false,
    target: 'house',
    model: 'test',
    score: { tasks: 1, wrong: 1, errors: 0 },
  });
  expect(run.id).not.toBeNull();
  expect(results).toMatchObject([{ category: 'tools', outcome: 'wrong', answer: 'Sunny' }]);

  const gone = await home.run([...words, 'gone']);
  expect(gone.code).toBe(2);
  expect(gone.stderr).toMatch(/no model “gone”; it has test/);
});

test('another server is asked at its address, and nothing is kept where that was not wanted', async () => {
  await using home = await openEverwithHome();
  const words = ['eval', 'openbox', '--data', home.data, '--model', 'any', '--no-keep'];
  const ended = await home.run([
    ...words,
    '--base-url',
    'http://127.0.0.1:1/v1',
    '--categories',
    'voice',
    '--sample',
    '10%',
  ]);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/No answer that could be judged:\n {2}1 × unreachable: /);
  expect(ended.stderr).not.toContain('Kept');
  expect((await home.run([...words, '--sample', '0%'])).code).toBe(2);
});
