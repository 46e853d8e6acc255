import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '#config';
import type { ModelInfo } from '#core';

/** What the panel tells. Ports are the ones that were really bound. */
export interface PanelFacts {
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly opsHost: string;
  readonly opsPort: number;
  readonly tls: boolean;
  readonly model: Pick<ModelInfo, 'name' | 'dimension' | 'imageSize'>;
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
    `Try it:  ${paint.bold(exampleCommand(facts))}`,
    '',
  ].join('\n');
}

/** The addresses by which other machines may reach this one: IPv4, without loopback and link-local. */
export function networkAddressesOfMachine(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
    .map(({ address }) => address);
}

function rowsOf(facts: PanelFacts): [label: string, value: string][] {
  const { model, replicas, devices } = facts;
  const network = isEveryAddress(facts.host) ? facts.networkAddresses : [];
  return [
    [
      'Protocols',
      facts.tls ? 'gRPC, HTTP and WebSocket on one port, TLS on' : 'gRPC, HTTP and WebSocket on one port, TLS off',
    ],
    [isLoopback(localHost(facts.host)) ? 'Local' : 'Address', urls(facts, localHost(facts.host))],
    ...network.map((address, at): [string, string] => [at === 0 ? 'Network' : '', urls(facts, address)]),
    ['Model', `${model.name} (${model.dimension} dimensions, images of ${model.imageSize} × ${model.imageSize})`],
    ['Replicas', `${replicas} on ${devices.join(', ')}`],
    ['Documentation', baseUrl(facts) + facts.documentationPath],
    ['Health, metrics', `http://${authority(localHost(facts.opsHost), facts.opsPort)}/health/ready, /metrics`],
  ];
}

function exampleCommand(facts: PanelFacts): string {
  // The certificate may name another host than the one that is at hand here.
  const insecure = facts.tls ? ' --insecure' : '';
  const header = `-H 'content-type: application/json'`;
  return `curl -s${insecure} ${baseUrl(facts)}/v1/embeddings ${header} -d '{"input":"a photo of a cat"}'`;
}

function urls({ tls, port }: PanelFacts, host: string): string {
  const at = authority(host, port);
  return tls ? `grpcs://${at}  https://${at}  wss://${at}` : `grpc://${at}  http://${at}  ws://${at}`;
}

function baseUrl({ tls, host, port }: PanelFacts): string {
  return `${tls ? 'https' : 'http'}://${authority(localHost(host), port)}`;
}

/** How this machine reaches a server that listens on `host`. */
function localHost(host: string): string {
  if (host === '::') return '::1';
  return host === '0.0.0.0' ? '127.0.0.1' : host;
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function painter(colours: boolean): Record<'bold' | 'dim', (text: string) => string> {
  const style = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: style(1), dim: style(2) };
}
