const FOLDERS: readonly (readonly [folder: string, extensions: readonly string[]])[] = [
  ['images', ['png', 'jpg', 'jpeg', 'webp', 'gif', 'apng', 'avif', 'bmp', 'svg']],
  ['audio', ['mp3', 'wav', 'ogg', 'opus', 'flac', 'm4a', 'aac']],
  ['video', ['mp4', 'webm', 'mov', 'mkv', 'avi']],
  ['l2d', ['moc', 'moc3', 'model3', 'mtn']],
  ['3d', ['glb', 'gltf', 'obj', 'fbx', 'vrm', 'mmd', 'pmx']],
  ['ai', ['safetensors', 'ckpt', 'pth', 'onnx', 'gguf']],
  ['fonts', ['ttf', 'otf', 'woff', 'woff2']],
  ['code', ['js', 'lua', 'ts', 'py', 'risum', 'css', 'html']],
];

/** `embeded://` as the specification spells it. */
const EMBEDDED = /^(?:embeded|embedded):\/\/|^__asset:/;

/** The path in the container that an asset's address names, or null for other addresses. */
export function embeddedPath(uri: string): string | null {
  return EMBEDDED.test(uri) ? uri.replace(EMBEDDED, '') : null;
}

/** Lower case, without a dot; `unknown` for what is no extension. */
export function plainExtension(ext: unknown): string {
  const plain = typeof ext === 'string' ? ext.toLowerCase().replace(/^\./, '') : '';
  return /^[a-z0-9]{1,16}$/.test(plain) ? plain : 'unknown';
}

/**
 * A place for a new asset in the layout of CHARX (V3 specification: `assets/{type}/{kind}/`), ASCII and free.
 * The address goes into the card's entry and into the version's file.
 */
export function newAssetUri(
  { type, name, ext }: { type: string; name: string; ext: string },
  taken: ReadonlySet<string>,
): string {
  const plain = plainExtension(ext);
  const folder = FOLDERS.find(([, extensions]) => extensions.includes(plain))?.[0] ?? 'other';
  const base = `embeded://assets/${asciiName(type)}/${folder}/${asciiName(name)}`;
  const suffix = plain === 'unknown' ? '' : `.${plain}`;
  for (let number = 1; ; number += 1) {
    const uri = `${base}${number === 1 ? '' : `-${number}`}${suffix}`;
    if (!taken.has(uri)) return uri;
  }
}

function asciiName(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/[^\w-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
  return name === '' ? 'file' : name;
}
