/** A file somebody chose, with its place in the folder it came from. */
export interface ChosenFile {
  path: string;
  file: File;
}

/** Files of an input; folders chosen whole know their paths. */
export function filesOfInput(list: FileList | null): ChosenFile[] {
  return Array.from(list ?? [], (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Everything in what was dropped, folders and all. */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  // Items are gone after the first wait, so the entries are taken before it.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: ChosenFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
  } else if (isDirectory(entry)) {
    const reader = entry.createReader();
    // Browsers hand out a folder in parts.
    for (let part = await readPart(reader); part.length > 0; part = await readPart(reader)) {
      for (const child of part) await walk(child, found);
    }
  }
}

function readPart(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
