import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const WIDTH = 96;
const HEIGHT = 128;

/** A small PNG of one colour (PNG specification, third edition), with `tEXt` chunks where some are given. */
export function pngPicture(
  [red, green, blue]: readonly [number, number, number],
  texts: Readonly<Record<string, string>> = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits per channel, RGB, no interlace
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(WIDTH * 3, Buffer.from([red, green, blue]))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: HEIGHT }, () => line)));
  const notes = Object.entries(texts).map(([key, text]) => chunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1')));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...notes,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A Character Card V2 in a picture, as other programs export it. */
export function cardPicture(data: Readonly<Record<string, unknown>>): Buffer {
  const card = JSON.stringify({ spec: 'chara_card_v2', spec_version: '2.0', data });
  return pngPicture([70, 110, 150], { chara: Buffer.from(card, 'utf8').toString('base64') });
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
