import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from './base/logger.ts';
import { isPublicAddress } from './base/public-address.ts';
import { indexMissingCharacters } from './character/character-index-store.ts';
import { seedStarters } from './character/seed-starters.ts';
import type { Config } from './config/config.ts';
import { CardPictures } from './features/authoring/pictures.ts';
import { Versions } from './features/authoring/versions.ts';
import type { BooksContext } from './features/books/books-context.ts';
import { Books } from './features/books/books.ts';
import { CharacterBooks } from './features/books/character-books.ts';
import { BulkChanges } from './features/library/bulk-changes.ts';
import { CardBooks } from './features/library/card-books.ts';
import { CardExports } from './features/library/card-exports.ts';
import { CardImports } from './features/library/card-imports.ts';
import { Folders } from './features/library/folders.ts';
import { Library, type LibraryContext } from './features/library/library.ts';
import { Shelves } from './features/library/shelves.ts';
import { Personas } from './features/personas/personas.ts';
import { Presets } from './features/presets/presets.ts';
import { QuickReplies } from './features/quick-replies/quick-replies.ts';

/** What a person makes and collects beside conversations; the library's index is whole before anybody asks. */
export async function openShelves(
  context: LibraryContext & BooksContext,
  { config, logger, assetsDirectory }: { config: Config; logger: Logger; assetsDirectory: string },
) {
  // What a crash left of uploads is nobody's.
  await rm(join(config.dataDirectory, 'uploads'), { recursive: true, force: true });
  const starters = await seedStarters({ ...context, assetsDirectory });
  const indexed = await indexMissingCharacters(context.storage);
  if (indexed > 0) logger.info({ indexed }, 'characters were indexed for the library');
  const versions = new Versions(context);
  const books = new Books(context);
  return {
    library: new Library(context),
    shelves: new Shelves({ storage: context.storage, starters }),
    folders: new Folders(context),
    bulk: new BulkChanges(context),
    versions,
    pictures: new CardPictures(context, versions),
    cardImports: new CardImports({
      ...context,
      uploadsDirectory: join(config.dataDirectory, 'uploads'),
      isAllowedAddress: config.privateLinks ? () => true : isPublicAddress,
    }),
    cardExports: new CardExports(context),
    books,
    characterBooks: new CharacterBooks({ books, cardBooks: new CardBooks(context) }),
    personas: new Personas(context),
    presets: new Presets(context),
    quickReplies: new QuickReplies(context),
  };
}
