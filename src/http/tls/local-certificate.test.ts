import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLocalCertificate } from './local-certificate.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2026-11-25T12:00:00Z');
const NAMES = ['house.local', 'localhost', '192.168.1.5', 'fd00::5'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-tls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (names = NAMES, now = NOW) => openLocalCertificate({ folder, names, now });
const server = (chain: string) => new X509Certificate(chain);

test('is for every name and address, signed by an authority of its own, and a pair that TLS takes', async () => {
  const made = await open();
  const certificate = server(made.chain);
  const authority = new X509Certificate(made.authority);
  expect(certificate.checkHost('house.local')).toBe('house.local');
  expect(certificate.checkIP('192.168.1.5')).toBe('192.168.1.5');
  expect(certificate.checkIP('fd00::5')).toBeDefined();
  expect(certificate.checkHost('evil.example')).toBeUndefined();
  expect([certificate.ca, authority.ca]).toEqual([false, true]);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(made.fingerprint).toBe(authority.fingerprint256);
  // Apple's limit for servers.
  expect(made.expiresAt - NOW).toBeLessThan(398 * DAY_IN_MS);
  expect(() => createSecureContext({ key: made.key, cert: made.chain })).not.toThrow();
  expect((await stat(join(folder, 'authority.key'))).mode & 0o077).toBe(0);
});

test('stays the same as long as it can', async () => {
  const made = await open();
  expect(await open()).toEqual(made);
  expect(await open(['localhost'])).toEqual(made);
});

test('is made anew before its end and for a new address; the authority stays', async () => {
  const made = await open();
  const later = await open(NAMES, NOW + 370 * DAY_IN_MS);
  const moved = await open([...NAMES, '10.0.0.7'], NOW + 370 * DAY_IN_MS);
  expect(later.expiresAt).toBeGreaterThan(made.expiresAt);
  expect(server(moved.chain).checkIP('10.0.0.7')).toBe('10.0.0.7');
  expect(new Set([made, later, moved].map(({ authority }) => authority)).size).toBe(1);
});

test.skipIf(process.platform === 'win32')('is thrown away when others could read its key', async () => {
  const made = await open();
  await chmod(join(folder, 'authority.key'), 0o644);
  const renewed = await open();
  expect(renewed.fingerprint).not.toBe(made.fingerprint);
  expect(server(renewed.chain).verify(new X509Certificate(renewed.authority).publicKey)).toBe(true);
});
