import { resolve } from 'node:path';
import type { Conversion, Placed } from './conversion.js';
import { listOf, lookUp, textOf, truthOf, type Tree } from './tree.js';

/** What needs no setting and loses nothing. */
const needless = new Set([
  'env', // read with that of the encoder
  'name',
  'jtype',
  'version',
  'extra_search_paths',
  'quiet_error',
  'uses_metas',
  'py_modules',
  'metas',
]);

const reasons: Readonly<Record<string, string>> = {
  uses: 'a gateway of your own does not run here',
  uses_with: 'it is for a gateway of your own, which does not run here',
  uvicorn_kwargs:
    'there is no uvicorn; a private key must be without a password (openssl pkey -in key.pem -out plain.pem)',
  grpc_server_options: 'the limits of gRPC follow request_bytes_max',
  compression: 'the caller chooses whether to compress; answers are compressed as it asks',
  timeout_send: 'the deadline of a call is the caller’s',
  retries: 'what a dying replica was working on is tried again always',
  replicas: 'one process serves every protocol; start several behind a load balancer for more',
  title: 'the HTTP API has its own title',
  description: 'the HTTP API has its own description',
  log_config: 'see log_level and log_format',
  quiet: 'see log_level',
  workspace: 'nothing is stored but the database, in data_dir',
  tracing: 'traces are not sent in this version',
  traces_exporter_host: 'traces are not sent in this version',
  traces_exporter_port: 'traces are not sent in this version',
  metrics: 'metrics are read at /metrics of the ops port, not sent',
  metrics_exporter_host: 'metrics are read at /metrics of the ops port, not sent',
  metrics_exporter_port: 'metrics are read at /metrics of the ops port, not sent',
  expose_endpoints: 'the HTTP paths are fixed: /post, /v1/embeddings, /v1/rank and those of the Python server',
  expose_graphql_endpoint: 'there is no GraphQL',
  no_debug_endpoints: 'the HTTP paths are fixed',
  no_crud_endpoints: 'the HTTP paths are fixed',
  proxy: 'image URLs are fetched directly',
};

/**
 * Converts what the Flow says of its address: `with`, and `gateway`, which is stronger.
 *
 * @param folder the folder of the Flow file
 */
export function convertGateway(flow: Tree, folder: string, result: Conversion): void {
  const given = new Map(
    Object.entries({ ...result.entries(flow['with'], 'with'), ...result.entries(flow['gateway'], 'gateway') }),
  );
  const take = (...keys: string[]): Found => {
    const key = keys.find((candidate) => isGiven(given.get(candidate))) ?? '';
    const found = given.get(key);
    given.delete(key);
    return found;
  };
  convertHost(take('host', 'host_in'), result);
  convertPorts(take('port', 'port_expose', 'ports'), take('protocol', 'protocols'), result);
  convertTls(take('ssl_certfile'), take('ssl_keyfile'), folder, result);
  convertTraffic(take('cors'), take('prefetch'), result);
  convertMonitoring(take('monitoring'), take('port_monitoring'), result);
  for (const [key, { value, where }] of given) {
    if (value !== null && !needless.has(key))
      result.leave(where, lookUp(reasons, key) ?? 'there is nothing like it here');
  }
}

type Found = Placed | undefined;

function isGiven(found: Found): boolean {
  return found !== undefined && found.value !== null;
}

function convertHost(host: Found, result: Conversion): void {
  const address = textOf(host?.value);
  if (host && address !== undefined && /^[\w.:-]+$/.test(address)) {
    result.set('host', address, host.where);
    if (/^(127\.|localhost$|::1$)/.test(address)) return;
    return result.leave(host.where, 'other than on 127.0.0.1, callers need an access token here, unless auth is off');
  }
  const reason =
    'the Python server listened on every address; here it is 127.0.0.1 until host says otherwise, and then callers need a token';
  result.leave(host?.where ?? 'with.host (default 0.0.0.0)', reason);
}

function convertPorts(port: Found, protocol: Found, result: Conversion): void {
  const [first, ...others] = listOf(port?.value);
  const protocols = listOf(protocol?.value).map((entry) => String(textOf(entry)).toLowerCase());
  if (port) result.setWithin('port', first, { min: 0, max: 65_535 }, port.where);
  else result.leave('with.port (none)', 'the Python server then took any free port; here it is 51000');
  for (const [at, other] of others.entries()) {
    const used = protocols[at + 1] === undefined ? '' : ` (${protocols[at + 1]})`;
    const where = port?.where ?? '';
    result.leave(`${where}[${at + 1}]: ${String(textOf(other))}${used}`, 'the first port answers every protocol');
  }
  for (const name of protocols.filter((entry) => !['grpc', 'http', 'websocket'].includes(entry))) {
    result.leave(`${protocol?.where}: ${name}`, 'gRPC, HTTP and WebSocket are spoken, on one port');
  }
  result.remark('gRPC, HTTP and WebSocket are all answered on the one port; there is no protocol to choose.');
}

function convertTls(certificate: Found, key: Found, folder: string, result: Conversion): void {
  const files = [
    { found: certificate, setting: 'tls_cert' },
    { found: key, setting: 'tls_key' },
  ];
  const given = files.filter(({ found }) => found !== undefined);
  for (const { found, setting } of given) {
    const file = textOf(found?.value);
    const isAlone = given.length < files.length;
    if (isAlone) result.leave(found?.where ?? '', 'TLS needs ssl_certfile and ssl_keyfile; it is off');
    else if (!file) result.leave(found?.where ?? '', 'it is not the path of a file');
    else result.set(setting, resolve(folder, file), found?.where ?? '');
  }
}

function convertTraffic(cors: Found, prefetch: Found, result: Conversion): void {
  if (cors && isOn(cors, result)) {
    result.set('cors_origins', '*', `${cors.where}: any web page; list origins to allow fewer`);
  }
  if (!prefetch) return;
  if (textOf(prefetch.value) === '0') {
    result.set('stream_in_flight_max', 10_000, `${prefetch.where}: 0, no limit`);
  } else result.setWithin('stream_in_flight_max', prefetch.value, { min: 1, max: 10_000 }, prefetch.where);
}

function convertMonitoring(monitoring: Found, port: Found, result: Conversion): void {
  if (monitoring && isOn(monitoring, result)) {
    result.remark('Metrics are always there, at /metrics of ops_port, with names of their own (docs/operations.md).');
    result.remark('They are read from this machine only, unless ops_host says otherwise.');
  }
  const [first, ...others] = listOf(port?.value);
  if (!port) return;
  result.setWithin('ops_port', first, { min: 0, max: 65_535 }, port.where);
  if (others.length > 0) result.leave(`${port.where}[1]`, 'one port has the metrics of everything');
}

function isOn({ value, where }: Placed, result: Conversion): boolean {
  const truth = truthOf(value);
  if (truth === undefined) result.leave(where, 'it is neither true nor false');
  return truth === true;
}
