import { requireWithin } from './folder-source.ts';
import {
  isRefusal,
  SOURCE_LIMITS,
  type MoveSource,
  type SourceFile,
  type SourceLimits,
  type SourceRefusal,
} from './move-source.ts';
import { openZip, type OpenZip } from './zip-files.ts';

/** A source whose zip archives are folders; cards in archives of their own stay files. */
export function unpackZips(source: MoveSource, limits: SourceLimits = SOURCE_LIMITS): MoveSource {
  const opened = new Map<string, Promise<OpenZip | undefined>>();
  return {
    files: (signal) => walk({ source, opened, limits, signal }),
    async [Symbol.asyncDispose]() {
      for (const zip of opened.values()) await (await zip)?.[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}

interface Walk {
  source: MoveSource;
  opened: Map<string, Promise<OpenZip | undefined>>;
  limits: SourceLimits;
  signal: AbortSignal;
}

async function* walk({ source, opened, limits, signal }: Walk): AsyncGenerator<SourceFile | SourceRefusal> {
  let count = 0;
  let bytes = 0;
  for await (const file of source.files(signal)) {
    if (isRefusal(file) || file.place === undefined || !/\.zip$/i.test(file.path)) {
      yield file;
      continue;
    }
    const { place } = file;
    const zip = opened.get(place) ?? openZip(place, limits);
    opened.set(place, zip);
    const archive = await zip;
    if (!archive) yield { path: file.path, refused: 'not-a-zip' };
    else if (archive.rootNames.has('card.json')) yield file;
    else {
      for await (const inner of archive.files(signal)) {
        const path = `${file.path}/${inner.path}`;
        if (!isRefusal(inner)) {
          count += 1;
          bytes += inner.size;
          requireWithin({ count, bytes }, limits);
        }
        yield isRefusal(inner) ? { ...inner, path } : { path, size: inner.size, read: () => inner.read() };
      }
    }
  }
}
