/** A public name of a model and what answers under it, as the owner set it up in the app. */
export interface ModelRouteTable {
  name: string;
  /** JSON of `ModelRoute`. */
  route: string;
  createdAt: number;
  updatedAt: number;
}

export interface RouteTables {
  modelRoute: ModelRouteTable;
}
