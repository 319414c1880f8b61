import helmet from '@fastify/helmet';
import type { HttpApp } from './http-app.ts';

/** What a page of this house may load: itself. Styles are set by the widget library at run time. */
export async function registerSecurityHeaders(app: HttpApp): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // A recording is heard before it is sent.
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // The house speaks plain http on its own machine; whoever puts a proxy with TLS before it sets this there.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
