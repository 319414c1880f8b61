import type { QueryClient } from '@tanstack/react-query';
import {
  Outlet,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readCallSearch } from './pages/call/call-search.ts';
import { conversationSearchSchema } from './pages/conversation/conversation-search.ts';
import { librarySearchSchema } from './pages/library/library-search.ts';
import { searchAddressSchema } from './pages/search/search-address.ts';
import { memorySearchSchema } from './pages/memory/memory-search.ts';
import { compareSearchSchema, treeSearchSchema } from './pages/tree/tree-search.ts';
import { readMeOrKept } from './state/device/show-kept.ts';
import { changeLocale, currentLocale } from './state/i18n.ts';
import { CrashPage } from './ui/crash-page.tsx';
import { LoadingPage } from './ui/loading-page.tsx';
import { NotFoundPage } from './ui/not-found-page.tsx';

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const enterRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/enter',
  component: lazyRouteComponent(() => import('./pages/door/enter-page.tsx'), 'EnterPage'),
});
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/door/sign-in-page.tsx'), 'SignInPage'),
});
const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(() => import('./pages/door/join-page.tsx'), 'JoinPage'),
});

const roomDoorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/room',
  component: lazyRouteComponent(() => import('./pages/door/room-door-page.tsx'), 'RoomDoorPage'),
});

/** What guests of the house may open: their list, and the rooms in it. */
const forGuests = /^\/(?:c\/[^/]+)?$/;

/** Everything behind the door: knows who is there, in which language, and sends newcomers to the welcome. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const me = await readMeOrKept(context.queryClient);
    if (me.locale !== null && me.locale !== currentLocale()) await changeLocale(me.locale);
    const isWelcome = location.pathname === '/welcome';
    if (me.role === 'guest') {
      if (!forGuests.test(location.pathname)) throw redirect({ to: '/' });
      return;
    }
    if (!me.onboarded && !isWelcome) throw redirect({ to: '/welcome' });
  },
  component: Outlet,
});
const welcomeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/welcome/welcome-page.tsx'), 'WelcomePage'),
});

const callRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/call/$conversationId',
  validateSearch: readCallSearch,
  component: lazyRouteComponent(() => import('./pages/call/call-page.tsx'), 'CallPage'),
});
const frameRoute = createRoute({
  getParentRoute: () => insideRoute,
  id: 'frame',
  component: lazyRouteComponent(() => import('./pages/frame/app-frame.tsx'), 'AppFrame'),
});
const homeRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/conversations/home-page.tsx'), 'HomePage'),
});
const conversationRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/c/$conversationId',
  validateSearch: conversationSearchSchema,
  component: lazyRouteComponent(() => import('./pages/conversation/conversation-page.tsx'), 'ConversationPage'),
});
const treeRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/c/$conversationId/map',
  validateSearch: treeSearchSchema,
  component: lazyRouteComponent(() => import('./pages/tree/tree-page.tsx'), 'TreePage'),
});
const compareRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/c/$conversationId/compare',
  validateSearch: compareSearchSchema,
  component: lazyRouteComponent(() => import('./pages/tree/compare-page.tsx'), 'ComparePage'),
});
const searchRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/search',
  validateSearch: searchAddressSchema,
  component: lazyRouteComponent(() => import('./pages/search/search-page.tsx'), 'SearchPage'),
});
const charactersRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters',
  validateSearch: librarySearchSchema,
  component: lazyRouteComponent(() => import('./pages/library/library-page.tsx'), 'LibraryPage'),
});
const newCharacterRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters/new',
  component: lazyRouteComponent(() => import('./pages/editor/editor-pages.tsx'), 'NewCharacterPage'),
});
const characterRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters/$characterId',
  component: lazyRouteComponent(() => import('./pages/characters/character-page.tsx'), 'CharacterPage'),
});
const editCharacterRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters/$characterId/edit',
  component: lazyRouteComponent(() => import('./pages/editor/editor-pages.tsx'), 'EditCharacterPage'),
});
const memoryRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters/$characterId/memory',
  validateSearch: memorySearchSchema,
  component: lazyRouteComponent(() => import('./pages/memory/memory-page.tsx'), 'MemoryPage'),
});
const movingRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/moving',
  component: lazyRouteComponent(() => import('./pages/moving/moving-page.tsx'), 'MovingPage'),
});
const personasRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/personas',
  component: lazyRouteComponent(() => import('./pages/personas/personas-page.tsx'), 'PersonasPage'),
});
const newPersonaRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/personas/new',
  component: lazyRouteComponent(() => import('./pages/personas/persona-form-page.tsx'), 'NewPersonaPage'),
});
const personaRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/personas/$personaId',
  component: lazyRouteComponent(() => import('./pages/personas/persona-form-page.tsx'), 'EditPersonaPage'),
});
const versionsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters/$characterId/versions',
  component: lazyRouteComponent(() => import('./pages/versions/versions-page.tsx'), 'VersionsPage'),
});
const presetsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/presets',
  component: lazyRouteComponent(() => import('./pages/presets/presets-page.tsx'), 'PresetsPage'),
});
const presetRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/presets/$presetId',
  component: lazyRouteComponent(() => import('./pages/presets/preset-page.tsx'), 'PresetPage'),
});
const worldsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/worlds',
  component: lazyRouteComponent(() => import('./pages/worlds/worlds-page.tsx'), 'WorldsPage'),
});
const worldRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/worlds/$worldId',
  component: lazyRouteComponent(() => import('./pages/worlds/world-page.tsx'), 'WorldPage'),
});
const booksRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/books',
  component: lazyRouteComponent(() => import('./pages/books/books-page.tsx'), 'BooksPage'),
});
const bookRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/books/$bookId',
  component: lazyRouteComponent(() => import('./pages/books/book-page.tsx'), 'BookPage'),
});
const characterBookRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/characters/$characterId/book',
  component: lazyRouteComponent(() => import('./pages/books/character-book-page.tsx'), 'CharacterBookPage'),
});
const settingsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});
const settingsSectionRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/$section',
  beforeLoad: ({ params }) => {
    // Where keys were before there was a console.
    if (params.section === 'keys') throw redirect({ to: '/developers/$section', params, replace: true });
  },
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});
const developersRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/developers',
  component: lazyRouteComponent(() => import('./pages/developers/developers-page.tsx'), 'DevelopersPage'),
});
const developersSectionRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/developers/$section',
  component: lazyRouteComponent(() => import('./pages/developers/developers-page.tsx'), 'DevelopersPage'),
});

const routeTree = rootRoute.addChildren([
  enterRoute,
  signInRoute,
  joinRoute,
  roomDoorRoute,
  insideRoute.addChildren([
    welcomeRoute,
    callRoute,
    frameRoute.addChildren([
      homeRoute,
      conversationRoute,
      treeRoute,
      compareRoute,
      searchRoute,
      charactersRoute,
      newCharacterRoute,
      characterRoute,
      editCharacterRoute,
      versionsRoute,
      memoryRoute,
      movingRoute,
      personasRoute,
      newPersonaRoute,
      personaRoute,
      presetsRoute,
      presetRoute,
      worldsRoute,
      worldRoute,
      booksRoute,
      bookRoute,
      characterBookRoute,
      settingsRoute,
      settingsSectionRoute,
      developersRoute,
      developersSectionRoute,
    ]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: CrashPage,
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
