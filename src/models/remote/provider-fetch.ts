import { UnavailableError } from '../../base/errors.ts';
import { providerName, type RemoteProvider } from './provider-kinds.ts';

const MOST_REDIRECTS = 3;

/**
 * `fetch` for a provider. Its address is the owner's own choice and may be a private one, but the key and the
 * conversation go nowhere else: a redirect is followed only within the same origin and only where it keeps the method
 * (RFC 9110 §15.4.8–9).
 */
export function createProviderFetch(provider: RemoteProvider, base: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    let address = input instanceof Request ? input.url : String(input);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      const response = await base(address, { ...init, redirect: 'manual' });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response.body?.cancel();
      const next = URL.parse(location, address);
      const keepsMethod = response.status === 307 || response.status === 308 || (init?.method ?? 'GET') === 'GET';
      if (next?.origin !== new URL(address).origin || !keepsMethod) {
        throw new UnavailableError(
          `The address of ${providerName(provider)} sends requests on to ${next?.origin ?? 'nowhere'}. ` +
            'Enter that address instead, if you trust it.',
          { code: 'provider-redirected', retryable: false },
        );
      }
      address = next.href;
    }
    throw new UnavailableError(`The address of ${providerName(provider)} redirects in circles.`, {
      code: 'provider-redirected',
      retryable: false,
    });
  };
}
