import { describe, expect, it } from 'vitest';
import { renderPanel, type PanelFacts } from './panel.js';

const somewhere: PanelFacts = {
  version: '0.1.0',
  host: '127.0.0.1',
  port: 51000,
  opsHost: '127.0.0.1',
  opsPort: 9090,
  adminHost: '127.0.0.1',
  adminPort: 51001,
  tls: false,
  opsTls: false,
  needsCertificate: false,
  needsToken: false,
  model: { name: 'mini-clip', dimension: 256, imageSize: 64 },
  replicas: 2,
  devices: ['cpu'],
  documentationPath: '/docs',
  networkAddresses: ['10.1.2.3', '192.168.0.7'],
  colours: false,
};

function panel(facts: Partial<PanelFacts> = {}): string {
  return renderPanel({ ...somewhere, ...facts });
}

describe('renderPanel', () => {
  it('tells what is served, where, and how to try it', () => {
    expect(panel()).toBe(
      [
        '╭─ CLIP-as-service 0.1.0 is ready ────────────────────────────────────────────────────────╮',
        '│  Protocols        gRPC, HTTP and WebSocket on one port, TLS off                         │',
        '│  Local            grpc://127.0.0.1:51000  http://127.0.0.1:51000  ws://127.0.0.1:51000  │',
        '│  Access           without a token                                                       │',
        '│  Model            mini-clip (256 dimensions, images of 64 × 64)                         │',
        '│  Replicas         2 on cpu                                                              │',
        '│  Documentation    http://127.0.0.1:51000/docs                                           │',
        '│  Admin            http://127.0.0.1:51001                                                │',
        '│  Health, metrics  http://127.0.0.1:9090/health/ready, /metrics                          │',
        '╰─────────────────────────────────────────────────────────────────────────────────────────╯',
        '',
        `Try it:  curl -s http://127.0.0.1:51000/v1/embeddings -H 'content-type: application/json' -d '{"input":"a photo of a cat"}'`,
        '',
      ].join('\n'),
    );
  });

  it('draws a box whose lines are equally long, whatever it holds', () => {
    const facts = {
      host: '::',
      tls: true,
      devices: Array<string>(9).fill('tensorrt:0'),
      model: { name: 'M', dimension: 256, imageSize: 64 },
    };
    const box = panel(facts)
      .split('\n')
      .filter((line) => /^[╭│╰]/.test(line));
    expect(new Set(box.map((line) => line.length)).size).toBe(1);
  });

  it('shows the addresses in the network only when the server listens on every address', () => {
    expect(panel()).not.toContain('10.1.2.3');
    const everywhere = panel({ host: '0.0.0.0' });
    expect(everywhere).toContain('Local            grpc://127.0.0.1:51000');
    expect(everywhere).toContain('Network          grpc://10.1.2.3:51000');
    expect(everywhere).toContain('grpc://192.168.0.7:51000');
  });

  it('names TLS addresses with TLS, and IPv6 ones in brackets', () => {
    const text = panel({ tls: true, host: '::1' });
    expect(text).toContain('grpcs://[::1]:51000  https://[::1]:51000  wss://[::1]:51000');
    expect(text).toContain('curl -s --insecure https://[::1]:51000/v1/embeddings');
  });

  it('is plain text unless colours are asked for', () => {
    expect(panel()).not.toContain('\u001b');
    expect(panel({ colours: true })).toContain('\u001b[1m');
  });
});

describe('what the panel says to do next', () => {
  it('names the token that a caller needs, and the link for the first account', () => {
    const text = panel({ host: '0.0.0.0', needsToken: true, setupUrl: 'http://127.0.0.1:51001/setup#secret' });
    expect(text).toContain('Access           with an access token');
    expect(text).toMatch(/^A token: {2}TOKEN=\$\(npx --no -- cas auth token create my-first -e 30\)$/m);
    expect(text).toContain('-H "authorization: Bearer $TOKEN"');
    expect(text).toMatch(/^First account: {2}http:\/\/127.0.0.1:51001\/setup#secret$/m);
  });

  it('names the certificate that a client must show, where the service asks for one', () => {
    expect(panel({ tls: true })).not.toContain('--cert');
    expect(panel({ tls: true, needsCertificate: true })).toContain(
      'curl -s --insecure --cert client.crt --key client.key https://127.0.0.1:51000/v1/embeddings',
    );
  });

  it('leaves out what the process does not serve', () => {
    const { port: _port, model: _model, ...adminOnly } = somewhere;
    const text = renderPanel(adminOnly);
    expect(text).toContain('Admin');
    expect(text).not.toMatch(/Protocols|Try it|Model/);
  });
});
