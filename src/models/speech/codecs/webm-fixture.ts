/** An element of EBML; `length` null writes that it is unknown, as browsers do while they record. */
export function element(id: number, body: Uint8Array, length: number | null = body.length): Uint8Array {
  const name = Buffer.from(id.toString(16).padStart(id.toString(16).length + (id.toString(16).length % 2), '0'), 'hex');
  const size = Buffer.alloc(8, 0xff);
  if (length !== null) size.writeBigUInt64BE(BigInt(length));
  size[0] = 0x01;
  return Buffer.concat([name, size, body]);
}

export interface WebmParts {
  head: Uint8Array;
  packets: readonly Uint8Array[];
  codec?: string;
  /** Elements of the track besides what it must have. */
  more?: Uint8Array;
  /** Of blocks: lacing. */
  flags?: number;
  /** Blocks stand in groups, and all lengths are known. */
  grouped?: boolean;
}

/** WebM as a browser records it: a picture's track, then one of sound, two clusters. */
export function webm(parts: WebmParts): Uint8Array {
  const { head, packets, codec = 'A_OPUS', more = new Uint8Array(0), flags = 0x80, grouped = false } = parts;
  const picture = element(0xae, Buffer.concat([element(0xd7, Uint8Array.of(1)), element(0x83, Uint8Array.of(1))]));
  const sound = element(
    0xae,
    Buffer.concat([
      element(0xd7, Uint8Array.of(2)),
      element(0x83, Uint8Array.of(2)),
      element(0x86, Buffer.from(codec)),
      element(0x63a2, head),
      more,
    ]),
  );
  const block = (packet: Uint8Array, track = 2) => {
    const body = Buffer.concat([Uint8Array.of(0x80 | track, 0, 0, flags), packet]);
    return grouped
      ? element(0xa0, Buffer.concat([element(0xa1, body), element(0x75a2, Uint8Array.of(1))]))
      : element(0xa3, body);
  };
  const blocks = packets.flatMap((packet) => [block(Uint8Array.of(1, 2, 3), 1), block(packet)]);
  const cluster = (some: Uint8Array[]) => {
    const body = Buffer.concat([element(0xe7, Uint8Array.of(0)), ...some]);
    return element(0x1f43b675, body, grouped ? body.length : null);
  };
  const middle = packets.length - (packets.length % 2);
  const body = Buffer.concat([
    element(0xec, Buffer.alloc(30)),
    element(0x1654ae6b, Buffer.concat([picture, sound])),
    cluster(blocks.slice(0, middle)),
    cluster(blocks.slice(middle)),
  ]);
  return Buffer.concat([
    element(0x1a45dfa3, element(0x4282, Buffer.from('webm'))),
    element(0x18538067, body, grouped ? body.length : null),
  ]);
}
