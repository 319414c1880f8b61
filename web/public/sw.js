// The app shell, so that the installed app opens at once and can say that the server does not answer.
// Answers of the server are never kept: only the page itself, its hashed, unchanging files, and pictures where the
// person keeps recent conversations on this device (the page makes and removes their cache).
const SHELL = 'everwith-shell-1';
// More than all pages have together; files of older versions leave first.
const KEPT_FILES = 300;
const PICTURES = 'everwith-pictures';
const KEPT_PICTURES = 80;
// Bytes: a portrait, not an album.
const LARGEST_PICTURE = 3_000_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(['/', '/appearance.js', '/icon.svg']))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== SHELL && name !== PICTURES).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && !url.pathname.startsWith('/api/')) {
    event.respondWith(openPage(event.request));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(openFile(event.request));
  } else if (event.request.destination === 'image' && url.pathname.startsWith('/api/assets/')) {
    event.respondWith(openPicture(event.request));
  }
});

async function openPage(request) {
  const cache = await caches.open(SHELL);
  try {
    const response = await fetch(request);
    const isPage = (response.headers.get('content-type') || '').startsWith('text/html');
    if (response.ok && isPage && !response.redirected) await cache.put('/', response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match('/');
    if (kept) return kept;
    throw error;
  }
}

async function openFile(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    await dropOldest(cache);
  }
  return response;
}

async function dropOldest(cache) {
  const files = (await cache.keys()).filter((request) => new URL(request.url).pathname.startsWith('/assets/'));
  await Promise.all(files.slice(0, Math.max(0, files.length - KEPT_FILES)).map((request) => cache.delete(request)));
}

// The server is asked first, for it knows who may see what; what is kept is for when it does not answer.
async function openPicture(request) {
  const keeps = await caches.has(PICTURES);
  try {
    const response = await fetch(request);
    if (keeps && response.status === 200) await keepPicture(request, response.clone());
    return response;
  } catch (error) {
    const kept = keeps ? await (await caches.open(PICTURES)).match(request, { ignoreVary: true }) : undefined;
    // A page without a picture is a page; an error of the worker would be told as one of the page.
    return kept || new Response('', { status: 504, statusText: error.message });
  }
}

async function keepPicture(request, response) {
  const body = await response.blob();
  if (body.size > LARGEST_PICTURE) return;
  const cache = await caches.open(PICTURES);
  await cache.put(request, new Response(body, { headers: { 'content-type': body.type } }));
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - KEPT_PICTURES)).map((old) => cache.delete(old)));
}

// A notification of a reply brings its conversation to the front.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path = event.notification.data && event.notification.data.path;
  if (typeof path === 'string' && path.startsWith('/c/')) event.waitUntil(goTo(path));
});

async function goTo(path) {
  const [open] = await self.clients.matchAll({ type: 'window' });
  if (open) {
    await open.focus();
    open.postMessage({ go: path });
  } else {
    await self.clients.openWindow(path);
  }
}

// Files that the page loaded before this worker could see them.
self.addEventListener('message', (event) => {
  const keep = event.data && event.data.keep;
  if (!Array.isArray(keep)) return;
  const files = keep.filter((path) => typeof path === 'string' && path.startsWith('/assets/')).slice(0, KEPT_FILES);
  event.waitUntil(Promise.all(files.map((path) => openFile(new Request(path)).catch(() => undefined))));
});
