import type { SavePersona } from '../../../../contract/personas.ts';
import { savePersonaSchema } from '../../../../contract/personas.ts';
import type { z } from 'zod';
import type { Actor } from '../../../accounts/actor.ts';
import { listAllPersonas, listPersonas } from '../../../character/persona-store.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { Arrived, PersonaImporter } from '../moving-context.ts';

/** What moving in needs of the personas. */
export interface PersonaDoor {
  create(actor: Actor, fields: z.output<typeof savePersonaSchema>): Promise<Arrived>;
  restore(actor: Actor, id: string): Promise<unknown>;
}

const PICTURE_TYPES: readonly (readonly [type: string, signature: readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
];

export function createPersonaImporter({
  storage,
  personas,
}: {
  storage: Storage;
  personas: PersonaDoor;
}): PersonaImporter {
  return {
    async find(actor, { name, description }) {
      const there = await listPersonas(storage.db, actor.userId);
      return there.find((persona) => persona.name === name && persona.description === description)?.id ?? null;
    },
    async standing(actor, id) {
      const there = (await listAllPersonas(storage.db, actor.userId)).find((persona) => persona.id === id);
      if (!there) return 'gone';
      return there.deletedAt === null ? 'here' : 'deleted';
    },
    async import(actor, { picture, book: _book, ...persona }) {
      const fields: SavePersona = { ...persona, picture: null };
      // A picture the house does not take must not cost the persona.
      const withPicture = savePersonaSchema.safeParse({ ...fields, picture: dataUrlOf(picture) });
      const created = await personas.create(
        actor,
        withPicture.success ? withPicture.data : savePersonaSchema.parse(fields),
      );
      return { id: created.id, name: created.name };
    },
    async restore(actor, id) {
      await personas.restore(actor, id);
    },
  };
}

function dataUrlOf(picture: Uint8Array | null): string | null {
  if (picture === null) return null;
  const type = PICTURE_TYPES.find(([, signature]) => signature.every((byte, index) => picture[index] === byte))?.[0];
  return type === undefined ? null : `data:${type};base64,${Buffer.from(picture).toString('base64')}`;
}
