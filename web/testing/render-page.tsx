import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, createMemoryHistory, createRootRoute, createRouter } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { initReactI18next } from 'react-i18next';
import { texts } from '../locales/en/index.ts';
import { resolveCssVariables, theme } from '../ui/theme.ts';

await i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: false,
  defaultNS: 'common',
  resources: { en: texts },
  interpolation: { escapeValue: false },
});

/** Renders in English with everything a page relies on; what it asks of the server is answered by `data` alone. */
export async function renderPage(
  element: ReactNode,
  data: readonly (readonly [key: readonly unknown[], value: unknown])[] = [],
): Promise<{ show: (next: ReactNode) => void }> {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  for (const [key, value] of data) queryClient.setQueryData(key, value);
  let shown = element;
  const rootRoute = createRootRoute({ component: () => <div data-testid="page">{shown}</div> });
  const router = createRouter({ routeTree: rootRoute, history: createMemoryHistory() });
  const tree = () => (
    <MantineProvider theme={theme} cssVariablesResolver={resolveCssVariables} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
  const view = render(tree());
  await screen.findByTestId('page');
  return {
    show: (next) => {
      shown = next;
      void router.invalidate();
      view.rerender(tree());
    },
  };
}
