import { networkInterfaces } from 'node:os';
import { isLoopback } from '#config';
import type { ModelInfo } from '#core';
import { authority, localAddress, localHost } from '../network/listen.js';

/** What the panel shows. Ports are the ones that were bound. */
export interface PanelFacts {
  readonly version: string;
  readonly host: string;
  /** Undefined where the process serves no models. */
  readonly port?: number;
  readonly opsHost: string;
  readonly opsPort: number;
  readonly adminHost: string;
  /** Undefined where the process has no admin API. */
  readonly adminPort?: number;
  /** The one-time link that makes the first account; undefined once there is one. */
  readonly setupUrl?: string;
  readonly tls: boolean;
  readonly opsTls: boolean;
  /** Whether clients must show a certificate (mutual TLS). */
  readonly needsCertificate: boolean;
  /** Whether callers must have an access token. */
  readonly needsToken: boolean;
  readonly model?: Pick<ModelInfo, 'name' | 'dimension' | 'imageSize'>;
  readonly replicas: number;
  readonly devices: readonly string[];
  /** Path of the documentation page, such as `/docs`. */
  readonly documentationPath: string;
  /** Addresses of this machine in its networks; shown when `host` is every address. */
  readonly networkAddresses: readonly string[];
  /** Whether the output is a terminal that shows colours. */
  readonly colours: boolean;
}

/** The box that a person sees after the start: what listens where, and one command to try. Ends with a line break. */
export function renderPanel(facts: PanelFacts): string {
  const rows = rowsOf(facts);
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  const paint = painter(facts.colours);
  const title = ` CLIP-as-service ${facts.version} is ready `;
  const innerWidth = Math.max(labelWidth + valueWidth + 6, title.length + 2);
  const lines = rows.map(([label, value]) => {
    const gap = ' '.repeat(innerWidth - labelWidth - value.length - 5);
    return `${paint.dim('│')}  ${paint.dim(label.padEnd(labelWidth))}  ${value}${gap} ${paint.dim('│')}`;
  });
  return [
    paint.dim('╭─') + paint.bold(title) + paint.dim(`${'─'.repeat(innerWidth - title.length - 1)}╮`),
    ...lines,
    paint.dim(`╰${'─'.repeat(innerWidth)}╯`),
    '',
    ...hints(facts).flatMap(([label, text]) => [`${label}  ${paint.bold(text)}`, '']),
  ].join('\n');
}

/** What to do next, one line each. */
function hints(facts: PanelFacts): [label: string, text: string][] {
  const { port, needsToken, setupUrl } = facts;
  return [
    ...(needsToken && port !== undefined
      ? [['A token:', 'TOKEN=$(npx --no -- cas auth token create my-first -e 30)'] satisfies Row]
      : []),
    ...(port === undefined ? [] : [['Try it:', exampleCommand(facts, port)] satisfies Row]),
    ...(setupUrl === undefined ? [] : [['First account:', setupUrl] satisfies Row]),
  ];
}

type Row = [label: string, value: string];

/** The addresses by which other machines may reach this one: IPv4, without loopback and link-local. */
export function networkAddressesOfMachine(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
    .map(({ address }) => address);
}

function rowsOf(facts: PanelFacts): Row[] {
  const { port, opsPort, opsHost, adminHost, adminPort, tls, opsTls } = facts;
  const health = `${localAddress(opsTls, opsHost, opsPort)}/health/ready, /metrics`;
  return [
    ...(port === undefined ? [] : inferenceRows(facts, port)),
    ...(adminPort === undefined ? [] : [['Admin', localAddress(tls, adminHost, adminPort)] satisfies Row]),
    ['Health, metrics', health],
  ];
}

function inferenceRows(facts: PanelFacts, port: number): Row[] {
  const { host, tls, needsToken, model, replicas, devices } = facts;
  const network = isEveryAddress(host) ? facts.networkAddresses : [];
  const local = localHost(host);
  return [
    ['Protocols', `gRPC, HTTP and WebSocket on one port, TLS ${tls ? 'on' : 'off'}`],
    [isLoopback(local) ? 'Local' : 'Address', urls(tls, local, port)],
    ...network.map((address, at): Row => [at === 0 ? 'Network' : '', urls(tls, address, port)]),
    ['Access', needsToken ? 'with an access token' : 'without a token'],
    ...(model ? [['Model', describeModel(model)] satisfies Row] : []),
    ['Replicas', `${replicas} on ${devices.join(', ')}`],
    ['Documentation', localAddress(tls, host, port) + facts.documentationPath],
  ];
}

function describeModel({ name, dimension, imageSize }: NonNullable<PanelFacts['model']>): string {
  return `${name} (${dimension} dimensions, images of ${imageSize} × ${imageSize})`;
}

function exampleCommand({ tls, host, needsCertificate, needsToken }: PanelFacts, port: number): string {
  // The certificate may name another host than the one that is at hand here.
  const insecure = tls ? ' --insecure' : '';
  const certificate = needsCertificate ? ' --cert client.crt --key client.key' : '';
  const token = needsToken ? ` -H "authorization: Bearer $TOKEN"` : '';
  const header = `-H 'content-type: application/json'${token}`;
  return `curl -s${insecure}${certificate} ${localAddress(tls, host, port)}/v1/embeddings ${header} -d '{"input":"a photo of a cat"}'`;
}

function urls(tls: boolean, host: string, port: number): string {
  const at = authority(host, port);
  return tls ? `grpcs://${at}  https://${at}  wss://${at}` : `grpc://${at}  http://${at}  ws://${at}`;
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function painter(colours: boolean): Record<'bold' | 'dim', (text: string) => string> {
  const style = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: style(1), dim: style(2) };
}
