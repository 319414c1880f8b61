const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/apng': 'png',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-wav': 'wav',
  'audio/vnd.wave': 'wav',
};

/** The usual extension of a media type; `unknown` where there is none. */
export function extension(mediaType: string): string {
  const known = EXTENSIONS[mediaType];
  if (known !== undefined) return known;
  const [kind, subtype = ''] = mediaType.split('/');
  const usable = kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'font';
  return usable && /^[a-z0-9]{2,5}$/.test(subtype) ? subtype : 'unknown';
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  apng: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

/** The media type of an extension, for the addresses of embedded files. */
export function mediaTypeOf(ext: string): string {
  return TYPES[ext] ?? 'application/octet-stream';
}
