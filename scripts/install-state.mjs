// Says which set of packages in node_modules agrees with package-lock.json: `full`, `production` or
// `none`. Plain JavaScript for the system's Node 20, because the pinned runtime may be what is missing.
// npm's own record (node_modules/.package-lock.json) is compared entry by entry, so a developer who
// ran npm by hand is not made to install again.
import { existsSync, readFileSync } from 'node:fs';

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

function installState() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (!existsSync('node_modules/node/bin/node')) return 'none';
  let state = 'full';
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    const isHere = found !== undefined && existsSync(`${path}/package.json`);
    if (isHere) {
      if (found.version !== entry.version || found.integrity !== entry.integrity) return 'none';
    } else if (entry.dev === true || entry.devOptional === true) {
      if (entry.optional !== true && entry.peer !== true) state = 'production';
    } else if (entry.optional !== true) {
      return 'none';
    }
  }
  return state;
}

console.log(installState());
