/** Wire types of protocol buffers (https://protobuf.dev/programming-guides/encoding). */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Unsigned, seven bits a byte, the lowest first. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  if (rest < 0n) rest = BigInt.asUintN(64, rest);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export function integerField(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | FIXED_32), bytes]);
}

export function textField(field: number, value: string): Buffer {
  return messageField(field, Buffer.from(value));
}

export function messageField(field: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([lengthPrefix(field, content.length), content]);
}

/** What stands before a message or bytes of a known length. */
export function lengthPrefix(field: number, length: number): Buffer {
  return Buffer.concat([varint((field << 3) | LENGTH_DELIMITED), varint(length)]);
}
