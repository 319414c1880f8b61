import type { TFunction } from 'i18next';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../client/api-error.ts';
import { errorText } from './error-text.ts';

/** Answers with the key and what is put into it. */
const t = ((key: string, values: Record<string, string> = {}) =>
  [key, ...Object.values(values)].join('|')) as unknown as TFunction<readonly ['errors']>;
const fault = (status: number, code: string) =>
  new ApiError({ code, status, message: 'The server says so.', retryable: false });

describe('what is told of an error', () => {
  test('an English reader gets the sentence of the server, for fine codes, too', () => {
    expect(errorText(fault(400, 'card-damaged'), t, 'en')).toBe('The server says so.');
    expect(errorText(fault(409, 'username-taken'), t, 'en')).toBe('The server says so.');
    expect(errorText(fault(503, 'provider-timeout'), t, 'en')).toBe('The server says so.');
  });

  test('another reader gets the kind in their language with the sentence behind it', () => {
    expect(errorText(fault(400, 'card-damaged'), t, 'zh-CN')).toBe(
      'errors:withDetail|errors:invalid-input|The server says so.',
    );
    expect(errorText(fault(507, 'no-space'), t, 'zh-CN')).toBe('errors:withDetail|errors:resource|The server says so.');
    expect(errorText(fault(409, 'reply-running'), t, 'zh-CN')).toBe(
      'errors:withDetail|errors:unknown|The server says so.',
    );
  });

  test.each(['en', 'zh-CN'])('what needs no detail has none (%s)', (language) => {
    expect(errorText(fault(409, 'revision-conflict'), t, language)).toBe('errors:conflict');
    expect(errorText(fault(404, 'unknown-path'), t, language)).toBe('errors:not-found');
    expect(errorText(fault(0, 'unreachable'), t, language)).toBe('errors:unreachable');
  });

  test('an unknown fault tells under which number it stands in the log', () => {
    const error = new ApiError({ code: 'unknown', status: 500, message: 'Oh', retryable: true, id: 'r-7' });
    expect(errorText(error, t, 'en')).toBe('errors:withId|errors:unknown|r-7');
  });
});
