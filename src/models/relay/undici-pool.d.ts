/** The pool alone: undici's index also loads its own fetch, caches, sockets and mocks, which take 15 MB and nobody here uses. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
