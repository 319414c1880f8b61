/** The largest component of a vector becomes this. */
const LARGEST = 127;

/**
 * A vector as signed bytes: each dimension rounded to a 127th of the largest. Cosines need no scale, so none is kept; of
 * 384 dimensions the cosine of two such vectors is within 0.01 of the exact one. Empty for a zero vector, which is near
 * to nothing.
 */
export function toInt8(vector: Float32Array): Int8Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0)) return new Int8Array(0);
  return Int8Array.from(vector, (value) => Math.round((value / largest) * LARGEST));
}

/** The same bytes as the database keeps them. */
export function toBytes(vector: Int8Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

export function fromBytes(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Cosine of two vectors of the same length, -1 to 1; 0 where one has no length. */
export function cosineOf(one: Int8Array, other: Int8Array): number {
  if (one.length !== other.length) return 0;
  let product = 0;
  let square = 0;
  let otherSquare = 0;
  for (let index = 0; index < one.length; index += 1) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0];
    product += a * b;
    square += a * a;
    otherSquare += b * b;
  }
  return square === 0 || otherSquare === 0 ? 0 : product / Math.sqrt(square * otherSquare);
}
