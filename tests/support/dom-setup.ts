import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// What comes soon may come late on a busy machine; only a defect waits to the end of it.
configure({ asyncUtilTimeout: 10_000 });

// Testing Library registers this itself only when the test functions are globals, which they are not here.
afterEach(cleanup);
