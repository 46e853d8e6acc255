import { join } from 'node:path';
import { installationFolder, LOG_LEVELS, MODEL_LIMITS } from '#core';
import {
  addressList,
  byteSize,
  databaseUrl,
  deviceList,
  domainList,
  listenHost,
  name,
  oneOf,
  originList,
  path,
  secret,
  webAddress,
  wholeNumber,
  yesOrNo,
} from './kinds.js';
import { optional, setting, type Setting } from './setting.js';

const port = wholeNumber(0, 65_535, '0 = any free port, which is printed');
const milliseconds = wholeNumber(1, 3_600_000, 'milliseconds');
const count = wholeNumber(1, 1_000_000_000);

const network = {
  host: setting(
    listenHost,
    '127.0.0.1',
    'Address to listen on. 0.0.0.0 or :: (in YAML "::", with quotes) is every address of the machine.',
  ),
  port: setting(port, '51000', 'The one port of gRPC, HTTP and WebSocket.'),
  publicUrl: optional(
    webAddress,
    'Where callers reach the one port from outside, such as https://clip.example.com. The examples of the console use it.',
  ),
  opsHost: setting(listenHost, '127.0.0.1', 'Address of the ops port. Its pages need no token: keep it inside.'),
  opsPort: setting(port, '9090', 'Port of /health/live, /health/ready, /health/startup and /metrics.'),
  adminHost: setting(listenHost, '127.0.0.1', 'Address of the admin API and console.'),
  adminPort: setting(port, '51001', 'Port of the admin API and console.'),
  adminUrl: optional(
    webAddress,
    'Where people reach the admin API from outside, such as https://cas.example.com. Links and single sign-on use it.',
  ),
  inferenceUrl: optional(
    webAddress,
    'Where the admin API reaches the inference API for the playground, such as http://cas-server:51000. Unset = the port of the same process.',
  ),
  tlsCert: optional(
    path('file'),
    'PEM certificate chain. With CAS_TLS_KEY it turns on TLS, on the same ports. New files are taken up without a restart.',
  ),
  tlsKey: optional(path('file'), 'PEM private key of CAS_TLS_CERT.'),
  tlsClientCa: optional(
    path('file'),
    'PEM certificates of authorities. With it the one port serves only clients that show a certificate of theirs (mutual TLS).',
  ),
  opsTls: setting(yesOrNo, 'false', 'Whether the ops port speaks TLS too, with the same certificate.'),
  trustedProxies: optional(
    addressList,
    'Addresses or networks of proxies whose X-Forwarded-For is believed. Unset = the address that connects is the caller.',
  ),
  corsOrigins: optional(
    originList,
    'Web pages of these origins may call from a browser, and their hosts are names of this service. Unset = none.',
  ),
  grpcReflection: setting(yesOrNo, 'true', 'Whether gRPC tools may list the services and messages.'),
  shutdownGraceMs: setting(milliseconds, '20000', 'How long SIGTERM lets calls in flight finish.'),
};

const access = {
  auth: setting(
    oneOf('auto', 'off', 'required'),
    'auto',
    'Who may call. auto = anyone on loopback addresses, elsewhere who has an access token; required = always a token; ' +
      'off = anyone who can reach the port, without a token.',
  ),
  websocketWithoutToken: setting(
    yesOrNo,
    'false',
    'Whether WebSockets may do without a token although the rest needs one: the Python client never sends any there.',
  ),
  authOutageMsMax: setting(
    wholeNumber(1_000, 86_400_000, 'milliseconds'),
    '300000',
    'How long known tokens go on working while the database cannot be reached. After it every request is refused.',
  ),
  limitRequestsPerMinute: optional(count, 'Most requests a minute of all callers together.'),
  limitItemsPerDay: optional(count, 'Most texts and images a day (UTC) of all callers together.'),
  limitItemsInFlight: optional(count, 'Most texts and images at a time of all callers together.'),
};

const database = {
  databaseUrl: optional(
    databaseUrl,
    'PostgreSQL for tokens, accounts, limits and audit: postgres://user:password@host/database. Unset = SQLite in CAS_DATA_DIR.',
  ),
};

const singleSignOn = {
  oidcIssuer: optional(
    webAddress,
    'Issuer of an OpenID Connect provider for the log-in of the admin API. Unset = none.',
  ),
  oidcClientId: optional(name, 'What the provider calls this service.'),
  oidcClientSecret: optional(secret, 'The secret that goes with CAS_OIDC_CLIENT_ID.'),
  oidcDomains: optional(
    domainList,
    'Who logs in with a verified e-mail address of these domains gets an account. Unset = only who has been invited.',
  ),
  oidcRole: setting(oneOf('viewer', 'member', 'admin'), 'member', 'Role of accounts that single sign-on makes.'),
};

const models = {
  model: setting(
    name,
    'mini-clip',
    'The model that is served: a folder in CAS_MODEL_DIR, a name of the catalogue such as ViT-B-32::openai, or hub:owner/name.',
  ),
  modelDir: setting(
    path('folder'),
    join(installationFolder(), 'models'),
    'Folder of the model folders.',
    'models, in the installation',
  ),
  dataDir: setting(
    path('folder'),
    './data',
    'Folder for what the service keeps: its database, unless CAS_DATABASE_URL is set, and caches.',
  ),
  hubUrl: setting(
    webAddress,
    'https://huggingface.co',
    'Where models that are not in CAS_MODEL_DIR are downloaded from: the Hugging Face hub or a mirror of it.',
  ),
  hubToken: optional(secret, 'Access token of an account of the hub, for gated and private models.'),
  offline: setting(yesOrNo, 'false', 'Whether models are never downloaded: only what is on this machine is served.'),
  modelCacheBytesMax: setting(
    byteSize('1MiB', '1000000GiB'),
    '100GiB',
    'Most bytes of downloaded models, which lie in CAS_DATA_DIR. Beyond it those unused for longest go; models in use stay.',
  ),
  replicas: setting(wholeNumber(1, MODEL_LIMITS.replicasMax), '1', 'Copies of the model, one process each.'),
  devices: setting(
    deviceList,
    'cpu',
    'Where the replicas run, dealt in turn. A device that is missing stops the start.',
  ),
  batchItemsMax: setting(
    wholeNumber(1, MODEL_LIMITS.batchItemsMax),
    '32',
    'Most texts or images in one run of the model.',
  ),
  replicaRssBytesMax: optional(
    byteSize('64MiB', '1024GiB'),
    'Most memory of one replica: one that has grown past it is replaced, with no request lost. Unset = no limit. Linux only.',
  ),
  runMsMax: setting(milliseconds, '30000', 'A replica that works longer on one batch is taken for hung and replaced.'),
};

const limits = {
  queueItemsMax: setting(wholeNumber(1, 10_000_000), '100000', 'Most items waiting; beyond it callers are refused.'),
  queueBytesMax: setting(byteSize('1MiB', '64GiB'), '512MiB', 'Most bytes waiting; beyond it callers are refused.'),
  requestBytesMax: setting(byteSize('1KiB', '1GiB'), '128MiB', 'Largest request, after decompression.'),
  inFlightBytesMax: optional(
    byteSize('1MiB', '64GiB'),
    'Most bytes of all HTTP bodies, gRPC and WebSocket messages under way, from their first byte until they are answered; one caller has half. ' +
      'Unset = twice CAS_REQUEST_BYTES_MAX, at least 64 MiB.',
  ),
  requestItemsMax: setting(wholeNumber(1, 1_000_000), '10000', 'Most items in one request.'),
  imagePixelsMax: setting(
    wholeNumber(1, 1_000_000_000),
    '178956970',
    'Largest image in pixels, read before decoding. The default is where Pillow refuses. Memory and time it takes: docs/limits.md.',
  ),
  imageBytesMax: setting(byteSize('1KiB', '1GiB'), '32MiB', 'Largest image file.'),
  cacheBytesMax: setting(
    byteSize('0', '64GiB'),
    '0',
    'Memory for vectors of texts and images that came before, which need no run when they come again. 0 = none is kept. ' +
      'With it, a jina client on WebSocket that asks for results in order may hang on answers that come at once.',
  ),
  connectionsMax: setting(
    wholeNumber(10, 1_000_000),
    '10000',
    'Most connections to the inference port, whatever they speak; one address has half. Each needs a file descriptor (`ulimit -n`).',
  ),
  streamInFlightMax: setting(wholeNumber(1, 10_000), '100', 'Requests of one stream that are worked on at a time.'),
};

const fetching = {
  fetchUrls: setting(
    yesOrNo,
    'true',
    'Whether images may be named by http and https URLs, which the service then fetches. Off = callers send the images themselves.',
  ),
  allowPrivateFetch: setting(
    yesOrNo,
    'false',
    'Whether image URLs may lead to private, loopback and link-local addresses. Leave it off where callers are not trusted.',
  ),
  fetchBytesMax: setting(byteSize('1KiB', '1GiB'), '32MiB', 'Largest answer to an image URL.'),
  fetchTimeoutMs: setting(milliseconds, '10000', 'Longest time for one image URL, redirects included.'),
  fileRoot: optional(
    path('folder'),
    'Folder that callers may name image files in. Unset = no files, only data: and URLs.',
  ),
};

const logging = {
  logLevel: setting(oneOf(...LOG_LEVELS), 'info', 'Least severe line that is logged.'),
  logFormat: setting(oneOf('auto', 'pretty', 'json'), 'auto', 'auto = pretty on a terminal, JSON elsewhere.'),
  accessLinesPerSecond: setting(
    wholeNumber(0, 100_000, '0 = none'),
    '50',
    'Most lines a second about requests that have ended, of each kind: answered, failed by the caller, failed by the server. ' +
      'What is left out is counted.',
  ),
};

const traces = {
  traceMemoryCountMax: setting(
    wholeNumber(0, 100_000),
    '2000',
    'Most finished requests whose traces each process holds in memory, and most batches. 0 = none are held.',
  ),
  traceMemoryBytesMax: setting(
    byteSize('64KiB', '4GiB'),
    '16MiB',
    'Most memory of the traces that a process holds; beyond it the oldest go. Batches have a quarter of it.',
  ),
  traceRetentionHours: setting(
    wholeNumber(0, 8_760, 'hours'),
    '0',
    'How long the traces of all processes are kept in the database. 0 = they are not written there.',
  ),
  traceRetentionBytesMax: setting(
    byteSize('1MiB', '1000GiB'),
    '1GiB',
    'Most bytes of traces in the database, looked at once a minute; beyond it the oldest go. Batches have a quarter of it.',
  ),
  storedInputHours: setting(
    wholeNumber(0, 720, 'hours'),
    '0',
    'How long texts and images are stored of kept requests whose token has opted in. 0 = none are, whatever tokens say.',
  ),
  storedInputBytesMax: setting(
    byteSize('1MiB', '100GiB'),
    '256MiB',
    'Most bytes of stored texts and images in the database, looked at once a minute; beyond it the oldest go.',
  ),
  traceGenAi: setting(
    yesOrNo,
    'false',
    "Whether spans of requests also have the attributes of OpenTelemetry's GenAI conventions, which may still change.",
  ),
};

/** Every setting, by the heading it has in help and in the manual. */
export const SETTING_GROUPS = {
  Network: network,
  Access: access,
  Database: database,
  'Single sign-on': singleSignOn,
  Model: models,
  Limits: limits,
  'Images by reference': fetching,
  Logging: logging,
  Traces: traces,
} as const;

/** Every setting, by key. The only place where a setting is declared. */
export const SETTINGS = {
  ...network,
  ...access,
  ...database,
  ...singleSignOn,
  ...models,
  ...limits,
  ...fetching,
  ...logging,
  ...traces,
};

export type SettingKey = keyof typeof SETTINGS;

/** All keys, in the order of the manual. */
export const SETTING_KEYS: readonly string[] = Object.keys(SETTINGS);

/** The settings of a process: checked, complete, frozen. Sizes in bytes, times in milliseconds, paths absolute. */
export type Settings = {
  readonly [Key in SettingKey]: (typeof SETTINGS)[Key] extends Setting<infer T> ? T : never;
};

/** The declaration of `key`, or undefined when there is no such setting. */
export function settingOf(key: string): Setting<unknown> | undefined {
  const entry = Object.entries(SETTINGS).find(([candidate]) => candidate === key);
  return entry?.[1];
}
