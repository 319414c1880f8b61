import { createHash, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { errorMessage, ResourceError } from '../../base/errors.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
/** Devices trust it by hand, so it has to last. */
const AUTHORITY_DAYS = 3650;
/** Apple refuses certificates of servers that last longer than 825 days, also below an authority of one's own. */
const SERVER_DAYS = 397;
/** A certificate that ends sooner is made anew. */
const RENEW_DAYS = 30;
/** Clocks of phones may be behind. */
const BACKDATED_DAYS = 1;
const FILES = {
  authorityKey: 'authority.key',
  authority: 'authority.pem',
  key: 'server.key',
  certificate: 'server.pem',
};

/** What a server needs to speak TLS on the local network, PEM. */
export interface LocalCertificate {
  key: string;
  /** With the authority behind it. */
  chain: string;
  /** What other devices install to trust this house. */
  authority: string;
  /** sha256 of the authority's certificate, `AB:CD:…`. */
  fingerprint: string;
  /** When the server's own one ends. */
  expiresAt: number;
}

export interface LocalCertificateOptions {
  /** Private to the house. */
  folder: string;
  /** Names and addresses of this machine. */
  names: readonly string[];
  now: number;
}

/**
 * A certificate for the names of this machine, signed by an authority of this house alone (RFC 5280). Both are kept in
 * `folder`, keys readable by their owner only; the server's one is made anew when its end is near or a name is missing,
 * so that devices which trust the authority need not be asked again. Throws `ResourceError`.
 */
export async function openLocalCertificate(options: LocalCertificateOptions): Promise<LocalCertificate> {
  const { folder } = options;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const authority = (await readPair(folder, 'authority', options)) ?? (await makeAuthority(options));
    const server = (await readPair(folder, 'server', options)) ?? (await makeServer(options, authority));
    const parsed = new X509Certificate(server.certificate);
    return {
      key: server.key,
      chain: `${server.certificate.trim()}\n${authority.certificate.trim()}\n`,
      authority: authority.certificate,
      fingerprint: new X509Certificate(authority.certificate).fingerprint256,
      expiresAt: parsed.validToDate.getTime(),
    };
  } catch (error) {
    throw new ResourceError(`The certificate in ${folder} cannot be used: ${errorMessage(error)}`, {
      code: 'certificate',
      cause: error,
    });
  }
}

/** Everything of it; devices that trusted the authority trust nothing of this house any more. */
export async function forgetLocalCertificate(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

interface Pair {
  key: string;
  certificate: string;
}

/** Null when it is not there, ends soon, was readable by others, or is not for these names. */
async function readPair(
  folder: string,
  kind: 'authority' | 'server',
  { names, now }: LocalCertificateOptions,
): Promise<Pair | null> {
  const [keyPath, certificatePath] = pathsOf(folder, kind);
  const [key, certificate] = await Promise.all([readFile(keyPath, 'utf8'), readFile(certificatePath, 'utf8')]).catch(
    () => [null, null],
  );
  if (key === null || certificate === null) return null;
  const { mode } = await stat(keyPath);
  // Whoever read the key could pretend to be this house, or any other site to devices that trust its authority.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) return null;
  const parsed = new X509Certificate(certificate);
  if (parsed.validToDate.getTime() < now + RENEW_DAYS * DAY_IN_MS) return null;
  if (kind === 'authority') return { key, certificate };
  const authority = await readFile(join(folder, FILES.authority), 'utf8');
  if (!parsed.verify(new X509Certificate(authority).publicKey)) return null;
  const isNamed = (name: string) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined;
  return names.every(isNamed) ? { key, certificate } : null;
}

async function makeAuthority({ folder, now }: LocalCertificateOptions): Promise<Pair> {
  // A mark of its own, so that a person with two houses can tell them apart in the list of a phone.
  const mark = createHash('sha256').update(`${folder} ${now}`).digest('hex').slice(0, 6);
  const made = await generate([{ name: 'commonName', value: `Everwith ${mark}` }], {
    ...commonOptions(now, AUTHORITY_DAYS),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return keep(folder, 'authority', { key: made.private, certificate: made.cert });
}

async function makeServer({ folder, names, now }: LocalCertificateOptions, authority: Pair): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    ...commonOptions(now, SERVER_DAYS),
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  return keep(folder, 'server', { key: made.private, certificate: made.cert });
}

function commonOptions(now: number, days: number) {
  return {
    keyType: 'ec' as const,
    curve: 'P-256' as const,
    algorithm: 'sha256',
    notBeforeDate: new Date(now - BACKDATED_DAYS * DAY_IN_MS),
    notAfterDate: new Date(now + (days - BACKDATED_DAYS) * DAY_IN_MS),
  };
}

async function keep(folder: string, kind: 'authority' | 'server', made: Pair): Promise<Pair> {
  const pair = { key: `${made.key.trim()}\n`, certificate: `${made.certificate.trim()}\n` };
  const [keyPath, certificatePath] = pathsOf(folder, kind);
  await writePrivately(keyPath, pair.key);
  await writePrivately(certificatePath, pair.certificate);
  return pair;
}

async function writePrivately(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}

function pathsOf(folder: string, kind: 'authority' | 'server'): [string, string] {
  return kind === 'authority'
    ? [join(folder, FILES.authorityKey), join(folder, FILES.authority)]
    : [join(folder, FILES.key), join(folder, FILES.certificate)];
}
