import { join } from 'node:path';
import type { Accounts } from './accounts/accounts.ts';
import type { Logger } from './base/logger.ts';
import type { Books } from './features/books/books.ts';
import type { CardImports } from './features/library/card-imports.ts';
import type { Library, LibraryContext } from './features/library/library.ts';
import { createCardImporter } from './features/moving/importers/card-importer.ts';
import { createLoreSettingsImporter } from './features/moving/importers/lore-settings-importer.ts';
import { createLorebookImporter } from './features/moving/importers/lorebook-importer.ts';
import { createPersonaImporter } from './features/moving/importers/persona-importer.ts';
import { createPresetImporter } from './features/moving/importers/preset-importer.ts';
import { MovingIn } from './features/moving/moving-in.ts';
import type { AttachmentKeeper } from './features/moving/moving-context.ts';
import { MovingOut } from './features/moving/moving-out.ts';
import type { Personas } from './features/personas/personas.ts';
import type { Presets } from './features/presets/presets.ts';
import { MessageSearchStore } from './storage/search/message-search-store.ts';

/** Moving in reaches the shelves by their own doors. */
export async function openMoving(
  {
    accounts,
    dataDirectory,
    stack,
    ...core
  }: LibraryContext & { logger: Logger; accounts: Accounts; dataDirectory: string; stack: AsyncDisposableStack },
  shelves: {
    library: Library;
    cardImports: CardImports;
    personas: Personas;
    books: Books;
    presets: Presets;
    attachments: AttachmentKeeper;
  },
) {
  const { storage } = core;
  const nameOf = ({ userId }: { userId: string }) => accounts.people.nameOf(userId);
  const movingIn = new MovingIn({
    ...core,
    search: new MessageSearchStore(storage.dialect),
    stagingDirectory: join(dataDirectory, 'moving'),
    attachments: shelves.attachments,
    characters: createCardImporter({ storage, library: shelves.library, cards: shelves.cardImports }),
    lorebooks: createLorebookImporter({ storage, books: shelves.books }),
    presets: createPresetImporter({ storage, presets: shelves.presets }),
    personas: createPersonaImporter({ storage, personas: shelves.personas }),
    loreSettings: createLoreSettingsImporter({ storage }),
    localeOf: async ({ userId }) => (await accounts.people.localeOf(userId)) ?? 'en',
    nameOf: async (person) => (await nameOf(person)) || 'User',
  });
  stack.use(movingIn);
  await movingIn.recover();
  return { movingIn, movingOut: new MovingOut({ storage, nameOf }) };
}
