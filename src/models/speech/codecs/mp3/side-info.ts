import type { BitReader } from './bit-reader.ts';
import type { FrameHeader } from './frame-header.ts';

/** How 576 lines of one channel are coded. */
export interface Granule {
  /** Bits of scale factors and numbers together. */
  bits: number;
  bigPairs: number;
  gain: number;
  scaleBits: number;
  /** 0 = long, 1 = begins short ones, 2 = short, 3 = ends them. */
  blockType: number;
  /** The lowest bands are long beside short ones. */
  isMixed: boolean;
  tables: [number, number, number];
  shortGains: [number, number, number];
  /** Bands of the first two regions, less one; null where the block's type says. */
  regions: [number, number] | null;
  addsPreset: boolean;
  scaleStep: 0.5 | 1;
  quadTable: 0 | 1;
}

export interface SideInfo {
  /** Bytes before this frame's own in which its numbers begin. */
  reaches: number;
  /** Of each channel: which groups of scale factors the second granule takes from the first. */
  shared: number[][];
  /** By granule and channel. */
  granules: Granule[][];
}

/** Bytes of it. */
export function sideInfoLength({ version, channels }: FrameHeader): number {
  if (version === 0) return channels === 1 ? 17 : 32;
  return channels === 1 ? 9 : 17;
}

export function readSideInfo(bits: BitReader, { version, channels }: FrameHeader): SideInfo {
  const isFirst = version === 0;
  const reaches = bits.read(isFirst ? 9 : 8);
  bits.read(isFirst ? (channels === 1 ? 5 : 3) : channels);
  const each = Array.from({ length: channels });
  const shared = each.map(() => (isFirst ? [0, 1, 2, 3].map(() => bits.bit()) : [0, 0, 0, 0]));
  const granules = Array.from({ length: isFirst ? 2 : 1 }, () => each.map(() => readGranule(bits, isFirst)));
  return { reaches, shared, granules };
}

function readGranule(bits: BitReader, isFirst: boolean): Granule {
  const head = {
    bits: bits.read(12),
    bigPairs: Math.min(288, bits.read(9)),
    gain: bits.read(8),
    scaleBits: bits.read(isFirst ? 4 : 9),
  };
  const blocks = bits.bit() === 1 ? readShort(bits) : readLong(bits);
  return {
    ...head,
    ...blocks,
    addsPreset: isFirst ? bits.bit() === 1 : false,
    scaleStep: bits.bit() === 1 ? 1 : 0.5,
    quadTable: bits.bit() === 1 ? 1 : 0,
  };
}

type Blocks = Pick<Granule, 'blockType' | 'isMixed' | 'tables' | 'shortGains' | 'regions'>;

function readShort(bits: BitReader): Blocks {
  const blockType = bits.read(2);
  const isMixed = bits.bit() === 1;
  const tables: Granule['tables'] = [bits.read(5), bits.read(5), 0];
  return { blockType, isMixed, tables, shortGains: [bits.read(3), bits.read(3), bits.read(3)], regions: null };
}

function readLong(bits: BitReader): Blocks {
  const tables: Granule['tables'] = [bits.read(5), bits.read(5), bits.read(5)];
  const regions: [number, number] = [bits.read(4), bits.read(3)];
  return { blockType: 0, isMixed: false, tables, shortGains: [0, 0, 0], regions };
}
