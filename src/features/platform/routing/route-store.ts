import { modelRouteSchema, type ModelRoute } from '../../../../contract/routes.ts';
import type { Db } from '../../../storage/storage.ts';

/** Routes that were set up in the app, in the order of their names. */
export async function listRoutes(db: Db): Promise<ModelRoute[]> {
  const rows = await db.selectFrom('modelRoute').select('route').orderBy('name').execute();
  return rows.map(({ route }) => modelRouteSchema.parse(JSON.parse(route)));
}

export async function putRoute(db: Db, { route, now }: { route: ModelRoute; now: number }): Promise<void> {
  const text = JSON.stringify(route);
  await db
    .insertInto('modelRoute')
    .values({ name: route.name, route: text, createdAt: now, updatedAt: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ route: text, updatedAt: now }))
    .execute();
}

/** False where there is none of that name. */
export async function deleteRoute(db: Db, name: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('modelRoute').where('name', '=', name).executeTakeFirst();
  return numDeletedRows > 0n;
}
