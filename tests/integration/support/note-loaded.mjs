import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { Server } from 'node:net';

/*
 * Loaded into a server before everything else: writes down which modules it has loaded when it begins to listen, into
 * the file that EVERWITH_TEST_LOADED names.
 */
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});
const listen = Server.prototype.listen;
Server.prototype.listen = function listenAndNote(...args) {
  writeFileSync(process.env['EVERWITH_TEST_LOADED'], JSON.stringify([...loaded]));
  return listen.apply(this, args);
};
