import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Character } from '../../../contract/characters.ts';
import type { Persona } from '../../../contract/personas.ts';
import { api } from '../../state/api.ts';
import { readAsDataUrl } from '../../state/read-file.ts';
import { useGuard } from '../../state/use-guard.ts';

/** The contract's limit for a picture, in bytes; a larger one stays behind. */
const PICTURE_LIMIT = 2 * 1024 * 1024;
const TYPES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Makes a persona of a character, with its picture where that is small enough, and shows it. */
export function useMakePersona(): (character: Character, description: string) => Promise<void> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async ({ name, pictureUrl }, description) => {
    const picture = await readPicture(pictureUrl);
    const made = await guard(api.call('createPersona', { body: { name: name.slice(0, 100), description, picture } }));
    if (made === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['personas'] });
    await navigate({ to: '/personas/$personaId', params: { personaId: made.id } });
  };
}

/** Makes a character of a persona and shows it. */
export function useMakeCharacter(): (persona: Persona) => Promise<void> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async ({ name, description, pictureUrl }) => {
    const picture = await readPicture(pictureUrl);
    const made = await guard(api.call('createCharacter', { body: { name, description, picture } }));
    if (made === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['characters'] });
    await navigate({ to: '/characters/$characterId', params: { characterId: made.id } });
  };
}

async function readPicture(url: string | null): Promise<string | null> {
  if (url === null) return null;
  const response = await fetch(url);
  const blob = response.ok ? await response.blob() : null;
  if (blob === null || blob.size > PICTURE_LIMIT || !TYPES.has(blob.type)) return null;
  return readAsDataUrl(blob);
}
