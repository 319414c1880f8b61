import { UnauthenticatedError } from '../base/errors.ts';
import type { HttpApp } from './http-app.ts';

/** Adds `request.visitor` and `request.actor`. */
export function decorateActor(app: HttpApp): void {
  app.decorateRequest('visitor', null);
  app.decorateRequest('actor', {
    getter() {
      if (!this.visitor) throw new UnauthenticatedError();
      return this.visitor;
    },
  });
}
