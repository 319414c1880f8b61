import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UnavailableError } from '../../base/errors.ts';

/** Far more than any folder of a speech model has; the largest known has some 460. */
const MOST_FILES = 5_000;

export interface MemberRequest {
  /** `file`: the member is appended to `target`. `folder`: what lies below the member is written below `target`. */
  form: 'file' | 'folder';
  /** Path inside the archive, with forward slashes. */
  member: string;
  target: string;
  /** Larger contents are refused. */
  mostBytes: number;
  signal: AbortSignal;
}

/** Takes out of an archive what was asked for and nothing else; the archive's paths and sizes are not trusted. */
export interface MemberWriter {
  wants(path: string): boolean;
  write(path: string, contents: NodeJS.ReadableStream): Promise<void>;
  /** True once nothing more can come. */
  readonly complete: boolean;
  /** The bytes written. Throws when the member was not there. */
  finish(): number;
}

export function createMemberWriter({ form, member, target, mostBytes, signal }: MemberRequest): MemberWriter {
  let bytes = 0;
  let files = 0;
  const below = `${member}/`;
  const counting = (path: string) =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done(bytes > mostBytes ? wrongArchive(`${path} is larger than the model`) : null, chunk);
      },
    });
  return {
    wants: (path) => (form === 'file' ? path === member : path.startsWith(below) && !path.endsWith('/')),
    async write(path, contents) {
      files += 1;
      if (files > MOST_FILES) throw wrongArchive(`${member} has more than ${MOST_FILES} files`);
      const place = form === 'file' ? target : join(target, insidePath(path.slice(below.length)));
      if (form === 'folder') await mkdir(dirname(place), { recursive: true });
      await pipeline(contents, counting(path), createWriteStream(place, { flags: form === 'file' ? 'a' : 'wx' }), {
        signal,
      });
    },
    get complete() {
      return form === 'file' && files > 0;
    },
    finish() {
      if (files === 0) throw wrongArchive(`the package has no ${member}`);
      return bytes;
    },
  };
}

/** A path below a folder. Throws for one that would leave it. */
function insidePath(path: string): string {
  const steps = path.split('/');
  const safe = steps.every((step) => step !== '' && step !== '.' && step !== '..' && !/[\\:\0]/.test(step));
  if (!safe || path.length > 500) throw wrongArchive('it has a file with a path that is not allowed');
  return path;
}

export function wrongArchive(what: string): UnavailableError {
  return new UnavailableError(what, { code: 'source-wrong-file' });
}
