/** A page of an Ogg file (RFC 3533) with the packets that end in it. */
export interface OggPage {
  /** Whose page this is, where several streams share a file. */
  serial: number;
  begins: boolean;
  ends: boolean;
  /** Where the last packet that ends here stands in its stream, in that stream's own unit; null where none ends. */
  granule: number | null;
  packets: Uint8Array[];
}

const HEADER_BYTES = 27;
const LACED_FULL = 255;
const CONTINUED = 0x01;
const BEGINS = 0x02;
const ENDS = 0x04;
/** A film has a handful; a hostile file could begin one with every page. */
const MOST_OPEN_STREAMS = 16;

/** Throws where no page stands where one must. A file that breaks off in the middle ends with its last whole page. */
export function* readOggPages(bytes: Uint8Array): Generator<OggPage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open = new Map<number, Uint8Array[]>();
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    if (view.getUint32(at) !== 0x4f676753 || bytes[at + 4] !== 0)
      throw new Error('no page of Ogg where one must stand');
    const lacingEnd = at + HEADER_BYTES + (bytes[at + 26] ?? 0);
    const lacing = bytes.subarray(at + HEADER_BYTES, lacingEnd);
    const end = lacingEnd + lacing.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) return;
    const flags = bytes[at + 5] ?? 0;
    const serial = view.getUint32(at + 14, true);
    const begun = (flags & CONTINUED) === 0 ? [] : (open.get(serial) ?? null);
    const { packets, rest } = unlace(bytes.subarray(lacingEnd, end), lacing, begun);
    open.delete(serial);
    if (rest) open.set(serial, rest);
    if (open.size > MOST_OPEN_STREAMS) throw new Error('too many streams of Ogg at once');
    const granule = view.getBigInt64(at + 6, true);
    yield {
      serial,
      begins: (flags & BEGINS) !== 0,
      ends: (flags & ENDS) !== 0,
      granule: granule < 0n ? null : Number(granule),
      packets,
    };
    at = end;
  }
}

/** `begun`: parts of the packet that goes on here; null where its beginning is missing, and it is dropped. */
function unlace(body: Uint8Array, lacing: Uint8Array, begun: Uint8Array[] | null) {
  const packets: Uint8Array[] = [];
  let parts = begun;
  let isOpen = begun === null || begun.length > 0;
  let start = 0;
  let end = 0;
  for (const length of lacing) {
    end += length;
    isOpen = true;
    if (length === LACED_FULL) continue;
    if (parts) packets.push(joined(parts, body.subarray(start, end)));
    parts = [];
    start = end;
    isOpen = false;
  }
  if (isOpen && parts && end > start) parts.push(body.subarray(start, end));
  return { packets, rest: isOpen && parts && parts.length > 0 ? parts : null };
}

function joined(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  return parts.length === 0 ? last : Buffer.concat([...parts, last]);
}
