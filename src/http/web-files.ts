import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import { handleNotFound } from './error-handler.ts';
import type { HttpApp } from './http-app.ts';

const NOT_BUILT = 'The web app is not built yet. Stop the server and start it with ./everwith, which builds it.\n';

/** True when the browser app was built. */
export function isWebBuilt(webDirectory: string): boolean {
  return existsSync(join(webDirectory, 'index.html'));
}

/**
 * Serves the built browser app: hashed assets for ever, `index.html` for every page address (the app
 * routes them itself), and a plain text where it was not built.
 */
export async function registerWebFiles(app: HttpApp, webDirectory: string): Promise<void> {
  if (!isWebBuilt(webDirectory)) {
    app.setNotFoundHandler((request, reply) => {
      if (!isPageRequest(request)) handleNotFound(request);
      return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    });
    return;
  }
  const assets = `${sep}assets${sep}`;
  await app.register(fastifyStatic, {
    root: webDirectory,
    dotfiles: 'ignore',
    schemaHide: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes(assets) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    if (!isPageRequest(request)) handleNotFound(request);
    return reply.sendFile('index.html');
  });
}

/** Files have an extension, the API its prefix; everything else that is read is a page of the app. */
function isPageRequest({ method, url }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path);
}
