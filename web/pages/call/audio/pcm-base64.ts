/** Bytes turned into characters at once: far below the engines' limits for arguments. */
const PIECE = 8_192;

/** Base64 of little-endian PCM16. */
export function encodePcm(samples: Int16Array): string {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < samples.length; at += 1) view.setInt16(at * 2, samples[at] ?? 0, true);
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

export function decodePcm(base64: string): Int16Array {
  const text = atob(base64);
  const samples = new Int16Array(Math.floor(text.length / 2));
  for (let at = 0; at < samples.length; at += 1) {
    const value = text.charCodeAt(at * 2) | (text.charCodeAt(at * 2 + 1) << 8);
    samples[at] = value;
  }
  return samples;
}
