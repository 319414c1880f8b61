import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ExportFormat } from '../../../contract/cards.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { CardExports } from './card-exports.ts';

/**
 * Many characters as one zip, each a file of the asked kind, made one after the other while the zip is read. Those that
 * are not there (any more) are left out; rejects when none is.
 */
export async function exportMany(
  exports: CardExports,
  actor: Actor,
  { ids, format }: { ids: readonly string[]; format: ExportFormat },
): Promise<Readable> {
  const names = await exports.names(actor, [...new Set(ids)]);
  if (names.length === 0) throw new NotFoundError('None of these characters is there.', { field: 'ids' });
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const taken = new Set<string>();
  for (const { id, name } of names) {
    const path = freePath(taken, { name, extension: format.replace(/^.*-/, '') });
    // A card's own container is packed already.
    zip.addReadStreamLazy(path, { compress: !format.endsWith('-png') && format !== 'charx' }, (done) =>
      done(null, Readable.from(contentOf(exports, actor, { id, format }))),
    );
  }
  zip.end();
  return output;
}

/** Made when the zip comes to it. */
async function* contentOf(
  exports: CardExports,
  actor: Actor,
  { id, format }: { id: string; format: ExportFormat },
): AsyncGenerator<Uint8Array> {
  const { body } = await exports.export(actor, id, { format, pngPicture: null });
  if (Buffer.isBuffer(body)) yield body;
  else yield* body as AsyncIterable<Uint8Array>;
}

function freePath(taken: Set<string>, { name, extension }: { name: string; extension: string }): string {
  for (let number = 1; ; number += 1) {
    const path = `${name}${number === 1 ? '' : ` ${number}`}.${extension}`;
    // Some file systems do not tell capitals from small letters.
    if (taken.has(path.toLowerCase())) continue;
    taken.add(path.toLowerCase());
    return path;
  }
}
