import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bitString,
  boolean,
  context,
  generalizedTime,
  integer,
  objectId,
  octetString,
  positiveInteger,
  sequence,
  set,
  utf8String,
} from './der.js';

/** Files of a throw-away authority and of a server certificate for localhost, 127.0.0.1 and ::1 that it signed. */
export interface ServerCertificate {
  /** What a client has to trust. */
  authorityFile: string;
  /** What the server presents (`CAS_TLS_CERT`). */
  certificateFile: string;
  /** Its private key (`CAS_TLS_KEY`). */
  keyFile: string;
  /** The authority as PEM text, for clients that take it in memory. */
  authority: string;
  /** Replaces the server's certificate and key by a new pair of the same authority, the certificate first. */
  renew(): void;
  /** A certificate of the same authority with which `name` shows who it is (mutual TLS), as PEM texts. */
  clientPair(name: string): KeyPair;
  /** Deletes the files. */
  remove(): void;
}

/** A certificate and its private key as PEM texts. */
export interface KeyPair {
  cert: string;
  key: string;
}

interface Identity {
  name: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const VALID_FOR_MS = 24 * 60 * 60 * 1000;
// Object identifiers of RFC 5280 (names, extensions) and RFC 5758 (signature).
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_ID = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** Makes a fresh authority and server certificate, valid for a day, without any tool of the machine. */
export function makeServerCertificate(): ServerCertificate {
  const authority = identity('Test authority');
  const authorityPem = pem(certificate(authority, authority, authorityExtensions(authority)));
  const folder = mkdtempSync(join(tmpdir(), 'cas-tls-'));
  const files = {
    authorityFile: join(folder, 'authority.pem'),
    certificateFile: join(folder, 'certificate.pem'),
    keyFile: join(folder, 'key.pem'),
  };
  const renew = (): void => {
    const { cert, key } = signed(authority, 'localhost', serverExtensions);
    writeFileSync(files.certificateFile, cert);
    writeFileSync(files.keyFile, key, { mode: 0o600 });
  };
  writeFileSync(files.authorityFile, authorityPem);
  renew();
  return {
    ...files,
    authority: authorityPem,
    renew,
    clientPair: (name) => signed(authority, name, clientExtensions),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function signed(authority: Identity, name: string, extensions: typeof serverExtensions): KeyPair {
  const subject = identity(name);
  const cert = pem(certificate(subject, authority, extensions(subject, authority)));
  return { cert, key: subject.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function identity(name: string): Identity {
  return { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

function certificate(subject: Identity, issuer: Identity, extensions: Buffer[]): Buffer {
  const now = Date.now();
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const toSign = sequence(
    context(0, integer(2)),
    positiveInteger(randomBytes(16)),
    algorithm,
    distinguishedName(issuer.name),
    sequence(generalizedTime(new Date(now - VALID_FOR_MS)), generalizedTime(new Date(now + VALID_FOR_MS))),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  return sequence(toSign, algorithm, bitString(sign('sha256', toSign, issuer.privateKey)));
}

function authorityExtensions(authority: Identity): Buffer[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(boolean(true)), true),
    // keyCertSign and cRLSign: bits 5 and 6, one unused bit.
    extension(KEY_USAGE, bitString(Buffer.from([0b0000_0110]), 1), true),
    extension(SUBJECT_KEY_ID, octetString(keyId(authority))),
  ];
}

function serverExtensions(server: Identity, authority: Identity): Buffer[] {
  const loopback6 = Buffer.alloc(16);
  loopback6[15] = 1;
  const names = [
    context(2, Buffer.from('localhost'), 'primitive'),
    context(7, Buffer.from([127, 0, 0, 1]), 'primitive'),
    context(7, loopback6, 'primitive'),
  ];
  return [...leafExtensions(server, authority, SERVER_AUTH), extension(SUBJECT_ALT_NAME, sequence(...names))];
}

function clientExtensions(client: Identity, authority: Identity): Buffer[] {
  return leafExtensions(client, authority, CLIENT_AUTH);
}

function leafExtensions(subject: Identity, authority: Identity, usage: string): Buffer[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(), true),
    // digitalSignature: bit 0, seven unused bits.
    extension(KEY_USAGE, bitString(Buffer.from([0b1000_0000]), 7), true),
    extension(EXTENDED_KEY_USAGE, sequence(objectId(usage))),
    extension(SUBJECT_KEY_ID, octetString(keyId(subject))),
    extension(AUTHORITY_KEY_ID, sequence(context(0, keyId(authority), 'primitive'))),
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectId(COMMON_NAME), utf8String(commonName))));
}

/** RFC 5280 asks only for a unique value; its first method hashes the key bits, this hashes the whole key info. */
function keyId(owner: Identity): Buffer {
  return createHash('sha1')
    .update(owner.publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** Parsed once more by node:crypto, so that a wrong byte fails here and not in some client. */
function pem(der: Buffer): string {
  return new X509Certificate(der).toString();
}
