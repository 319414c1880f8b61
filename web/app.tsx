import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import type { MantineColorSchemeManager } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createAppRouter } from './router.tsx';
import { storedColorScheme } from './state/appearance.ts';
import { createQueryClient } from './state/query-client.ts';
import { resolveCssVariables, theme } from './ui/theme.ts';
import { ToastRegion } from './ui/toast-region.tsx';

/** Reads the copy that `appearance.js` used, so that both agree; writing is done where the preference changes. */
const colorSchemeManager: MantineColorSchemeManager = {
  ...localStorageColorSchemeManager({ key: 'everwith.color-scheme' }),
  get: storedColorScheme,
  set: () => undefined,
};

export function App() {
  const [queryClient] = useState(() =>
    createQueryClient(() => {
      const { pathname } = location;
      if (!['/sign-in', '/enter', '/join', '/room'].includes(pathname)) void router.navigate({ to: '/sign-in' });
    }),
  );
  const [router] = useState(() => createAppRouter(queryClient));
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      cssVariablesResolver={resolveCssVariables}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ToastRegion />
      </QueryClientProvider>
    </MantineProvider>
  );
}
