import { BitReader } from './bit-reader.ts';
import { HEADER_BYTES, readFrameHeader, type FrameHeader } from './frame-header.ts';
import { joinChannels } from './join-channels.ts';
import { Mp3Synthesis } from './mp3-synthesis.ts';
import { LINES } from './mp3-tables.ts';
import { bandsOfGranule, readSpectrum } from './read-spectrum.ts';
import { readScaleFactors, type ScaleFactors } from './scale-factors.ts';
import { readSideInfo, sideInfoLength, type SideInfo } from './side-info.ts';

/** Sound of one frame: as many samples in each channel. */
export interface Mp3Part {
  channelData: Float32Array[];
  sampleRate: number;
}

/** Bytes that numbers of a frame may lie before it. */
const MOST_REACH = 511;
/** Bytes of a frame that tells of the file, of which nothing is heard. */
const INFO = ['Xing', 'Info', 'VBRI'];

/** MPEG-1, -2 and -2.5, layer III, after ISO/IEC 11172-3 and 13818-3. What is damaged is silent. */
export class Mp3Decoder {
  #before = new Uint8Array(0);
  #synthesis: Mp3Synthesis[] = [];

  /** Every frame of a file, one after the other. */
  *decode(bytes: Uint8Array): Generator<Mp3Part> {
    let at = afterTag(bytes);
    let isFirst = true;
    while (at + HEADER_BYTES <= bytes.length) {
      const header = readFrameHeader(bytes, at);
      if (!header || at + header.length > bytes.length || !isFollowed(bytes, at + header.length)) {
        at += 1;
        continue;
      }
      const frame = bytes.subarray(at, at + header.length);
      at += header.length;
      const tellsOnly = isFirst && isInfo(frame, header);
      isFirst = false;
      if (!tellsOnly) yield this.#frame(frame, header);
    }
  }

  #frame(frame: Uint8Array, header: FrameHeader): Mp3Part {
    const from = HEADER_BYTES + (header.hasChecksum ? 2 : 0);
    const main = from + sideInfoLength(header);
    const side = readSideInfo(new BitReader(frame.subarray(from, main)), header);
    const own = frame.subarray(main);
    const joined = new Uint8Array(this.#before.length + own.length);
    joined.set(this.#before);
    joined.set(own, this.#before.length);
    const begin = this.#before.length - side.reaches;
    this.#before = joined.slice(Math.max(0, joined.length - MOST_REACH));
    if (this.#synthesis.length !== header.channels) {
      this.#synthesis = Array.from({ length: header.channels }, () => new Mp3Synthesis());
    }
    const parts = this.#granules(side, { header, main: begin < 0 ? null : new BitReader(joined, begin * 8) });
    const channelData = Array.from({ length: header.channels }, (_, channel) => {
      const whole = new Float32Array(parts.length * LINES);
      for (const [index, part] of parts.entries()) whole.set(part[channel] ?? [], index * LINES);
      return whole;
    });
    return { channelData, sampleRate: header.sampleRate };
  }

  /** By granule and channel. `main` is null where what it reaches back for is not here. */
  #granules(side: SideInfo, { header, main }: { header: FrameHeader; main: BitReader | null }): Float32Array[][] {
    const factorsBefore: (ScaleFactors | null)[] = [null, null];
    return side.granules.map((granules) => {
      const spectra = granules.map((granule, channel) => {
        if (main === null || main.at + granule.bits > main.length) return null;
        const end = main.at + granule.bits;
        const factors = readScaleFactors(main, granule, {
          header,
          isRight: channel === 1,
          shared: side.shared[channel] ?? [],
          before: factorsBefore[channel] ?? null,
        });
        factorsBefore[channel] = factors;
        return { lines: readSpectrum(main, granule, { header, factors, end }), factors };
      });
      const [left, right] = spectra;
      const [, granule] = granules;
      if (left && right && granule)
        joinChannels([left.lines, right.lines], { header, granule, factors: right.factors });
      return granules.map((coded, channel) => {
        const lines = spectra[channel]?.lines ?? new Float64Array(LINES);
        const bands = bandsOfGranule(header, coded);
        return this.#synthesis[channel]?.take(lines, { granule: coded, bands }) ?? new Float32Array(LINES);
      });
    });
  }
}

/** Where the sound begins: behind a tag in ID3v2. */
function afterTag(bytes: Uint8Array): number {
  if (bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33) return 0;
  return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 127), 0);
}

/** A frame, a tag or the end stands behind a frame; else four bytes only look like one. */
function isFollowed(bytes: Uint8Array, at: number): boolean {
  if (at + HEADER_BYTES > bytes.length || readFrameHeader(bytes, at)) return true;
  const tag = String.fromCharCode(...bytes.subarray(at, at + 3));
  return tag === 'TAG' || tag === 'APE' || tag === 'ID3';
}

function isInfo(frame: Uint8Array, header: FrameHeader): boolean {
  const from = HEADER_BYTES + (header.hasChecksum ? 2 : 0) + sideInfoLength(header);
  const marks = [from, HEADER_BYTES + 32].map((at) => String.fromCharCode(...frame.subarray(at, at + 4)));
  return marks.some((mark) => INFO.includes(mark));
}
