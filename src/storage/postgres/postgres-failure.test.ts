import { expect, test } from 'vitest';
import { postgresFailure } from './postgres-failure.ts';

const error = (code: string, message = 'it said so') => Object.assign(new Error(message), { code });

test.each([
  ['53100', 'disk-full', false],
  ['25006', 'storage-read-only', false],
  ['40001', 'storage-busy', true],
  ['40P01', 'storage-busy', true],
  ['57P01', 'storage-unreachable', true],
  ['57P03', 'storage-unreachable', true],
  ['53300', 'storage-unreachable', true],
  ['08006', 'storage-unreachable', true],
  ['ECONNREFUSED', 'storage-unreachable', true],
])('%s is %s', (code, ours, retryable) => {
  expect(postgresFailure(error(code))).toMatchObject({ code: ours, retryable });
});

test('a connection lost without a code is known by its words, and other errors stay', () => {
  expect(postgresFailure(new Error('Connection terminated unexpectedly'))).toMatchObject({
    code: 'storage-unreachable',
  });
  for (const other of [error('23505'), error('42P01'), new Error('a bug'), null, 'text']) {
    expect(postgresFailure(other)).toBe(other);
  }
});
