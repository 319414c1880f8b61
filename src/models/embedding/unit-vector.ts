import { ResourceError } from '../../base/errors.ts';

/** The vector at length 1 (L2). A vector of zeros stays one. Throws `ResourceError` for one with a value that is no number. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += (values[index] as number) ** 2;
  if (!Number.isFinite(squares)) {
    throw new ResourceError('The embedding model gave a vector that is no number. Fetch the model again.', {
      code: 'embedding-wrong',
    });
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return Float32Array.from(values, (value) => value * scale);
}
