import { fileTypeFromBuffer } from 'file-type';

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/svg+xml']);
const OTHER = 'application/octet-stream';

/** Types a browser may be told; every other file is handed out as a download. */
export function isShownMedia(mediaType: string): boolean {
  return PICTURES.has(mediaType) || mediaType.startsWith('audio/');
}

/** The type of a character's file by its bytes. An SVG that could do more than be looked at counts as unknown. */
export async function assetMediaType(bytes: Uint8Array): Promise<string> {
  const type = (await fileTypeFromBuffer(bytes))?.mime;
  if (type === 'image/apng') return 'image/png';
  if (type === undefined || type === 'application/xml') return isHarmlessSvg(bytes) ? 'image/svg+xml' : OTHER;
  return type;
}

const PORTRAITS = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/webp', 'image/gif']);

/** Whether the bytes can be a character's picture. SVG from outside cannot. */
export async function isPortrait(bytes: Uint8Array): Promise<boolean> {
  const type = await fileTypeFromBuffer(bytes);
  return type !== undefined && PORTRAITS.has(type.mime);
}

/** 2 MiB: larger drawings are pictures that should not be SVG. */
const MAX_SVG_BYTES = 2 * 1024 * 1024;
/** Scripts, foreign markup, entities, and every address that is not a place in the drawing itself. */
const HARM =
  /<!ENTITY|<!DOCTYPE|<\?xml-stylesheet|<\s*(?:\w+:)?(?:script|foreignObject|iframe|object|embed|audio|video|handler|set|animate)\b|\son\w+\s*=|javascript:|@import|href\s*=\s*["']?\s*(?!["'\s#])|url\(\s*["']?\s*(?!["'\s#])/i;

function isHarmlessSvg(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_SVG_BYTES) return false;
  const text = new TextDecoder('utf-8').decode(bytes);
  // Character references could hide any of the words that are looked for.
  return (
    /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]/.test(text) &&
    !HARM.test(text) &&
    !/&#/.test(text)
  );
}
