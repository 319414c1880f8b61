export interface OggPageParts {
  lacing: readonly number[];
  body: Uint8Array;
  granule?: number;
  serial?: number;
  begins?: boolean;
  ends?: boolean;
  continued?: boolean;
}

/** A page as an encoder writes it, without its checksum. */
export function oggPage({ lacing, body, granule = 0, serial = 1, ...flags }: OggPageParts): Uint8Array {
  const header = Buffer.alloc(27);
  header.write('OggS', 0, 'latin1');
  header[5] = (flags.continued ? 1 : 0) | (flags.begins ? 2 : 0) | (flags.ends ? 4 : 0);
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial, 14);
  header[26] = lacing.length;
  return Buffer.concat([header, Uint8Array.from(lacing), body]);
}
