import { join } from 'node:path';
import { installationFolder } from './installation.js';
import { byteSize, deviceList, listenHost, name, oneOf, originList, path, wholeNumber, yesOrNo } from './kinds.js';
import { optional, setting, type Setting } from './setting.js';

const port = wholeNumber(0, 65_535, '0 = any free port, which is printed');
const milliseconds = wholeNumber(1, 3_600_000, 'milliseconds');

const network = {
  host: setting(listenHost, '127.0.0.1', 'Address to listen on. 0.0.0.0 or :: is every address of the machine.'),
  port: setting(port, '51000', 'The one port of gRPC, HTTP and WebSocket.'),
  opsHost: setting(listenHost, '127.0.0.1', 'Address of the ops port. Its pages need no token: keep it inside.'),
  opsPort: setting(port, '9090', 'Port of /health/live, /health/ready and /metrics.'),
  tlsCert: optional(path('file'), 'PEM certificate chain. With CAS_TLS_KEY it turns on TLS on the same port.'),
  tlsKey: optional(path('file'), 'PEM private key of CAS_TLS_CERT.'),
  corsOrigins: optional(originList, 'Web pages of these origins may call from a browser. Unset = none.'),
  grpcReflection: setting(yesOrNo, 'true', 'Whether gRPC tools may list the services and messages.'),
  shutdownGraceMs: setting(milliseconds, '20000', 'How long SIGTERM lets calls in flight finish.'),
};

const access = {
  auth: setting(
    oneOf('auto', 'off', 'required'),
    'auto',
    'Who may call. auto = anyone, on loopback addresses only; off = anyone who reaches the port, said on purpose. ' +
      'required needs access tokens, which this version does not have yet: it refuses to start.',
  ),
};

const models = {
  model: setting(name, 'mini-clip', 'The model that is served: a folder in CAS_MODEL_DIR.'),
  modelDir: setting(
    path('folder'),
    join(installationFolder(), 'models'),
    'Folder of the model folders.',
    'models, in the installation',
  ),
  dataDir: setting(path('folder'), './data', 'Folder for what the service keeps, such as caches.'),
  replicas: setting(wholeNumber(1, 256), '1', 'Copies of the model, one process each.'),
  devices: setting(
    deviceList,
    'cpu',
    'Where the replicas run, dealt in turn. A device that is missing stops the start.',
  ),
  batchItemsMax: setting(wholeNumber(1, 1024), '32', 'Most texts or images in one run of the model.'),
  runMsMax: setting(milliseconds, '30000', 'A replica that works longer on one batch is taken for hung and replaced.'),
};

const limits = {
  queueItemsMax: setting(wholeNumber(1, 10_000_000), '100000', 'Most items waiting; beyond it callers are refused.'),
  queueBytesMax: setting(byteSize('1MiB', '64GiB'), '512MiB', 'Most bytes waiting; beyond it callers are refused.'),
  requestBytesMax: setting(byteSize('1KiB', '1GiB'), '64MiB', 'Largest request, after decompression.'),
  requestItemsMax: setting(wholeNumber(1, 1_000_000), '10000', 'Most items in one request.'),
  imagePixelsMax: setting(wholeNumber(1, 1_000_000_000), '50000000', 'Largest image in pixels, read before decoding.'),
  imageBytesMax: setting(byteSize('1KiB', '1GiB'), '32MiB', 'Largest image file.'),
  streamInFlightMax: setting(wholeNumber(1, 10_000), '100', 'Requests of one stream that are worked on at a time.'),
};

const fetching = {
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
  logLevel: setting(
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'Least severe line that is logged.',
  ),
  logFormat: setting(oneOf('auto', 'pretty', 'json'), 'auto', 'auto = pretty on a terminal, JSON elsewhere.'),
};

/** Every setting, by the heading it has in help and in the manual. */
export const SETTING_GROUPS = {
  Network: network,
  Access: access,
  Model: models,
  Limits: limits,
  'Images by reference': fetching,
  Logging: logging,
} as const;

/** Every setting, by key. The only place where a setting is declared. */
export const SETTINGS = { ...network, ...access, ...models, ...limits, ...fetching, ...logging };

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
