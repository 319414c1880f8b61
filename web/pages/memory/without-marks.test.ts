import { expect, test } from 'vitest';
import { withoutMarks } from './without-marks.ts';

test('takes the stars of narration and stress away, and leaves those that mean themselves', () => {
  expect(withoutMarks('*She nods.* You rowed here in *this*? **Come in.**')).toBe(
    'She nods. You rowed here in this? Come in.',
  );
  expect(withoutMarks('2 * 3 = 6 and 4 * 5')).toBe('2 * 3 = 6 and 4 * 5');
  expect(withoutMarks('*cut off in the midd')).toBe('*cut off in the midd');
});
