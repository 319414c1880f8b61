import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, createMemoryHistory, createRootRoute, createRouter } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { resolveCssVariables, theme } from '../ui/theme.ts';
import './english.ts';

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
