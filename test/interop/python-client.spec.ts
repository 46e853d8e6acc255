import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate, type ServerCertificate } from '../support/certificates.js';
import { startServer, type RunningServer } from '../support/server.js';
import { clientReleases, pythonEnvironment, type ClientRelease } from './python-environments.js';
import { declaredScenarios, runScenarios, type ScenarioRun } from './scenarios.js';

// The unmodified Python clip-client against the built server: nothing changes for its users but the URL.

const TRANSPORTS = [
  { protocol: 'grpc', scheme: 'grpc', tls: false },
  { protocol: 'http', scheme: 'http', tls: false },
  { protocol: 'websocket', scheme: 'ws', tls: false },
  { protocol: 'grpc', scheme: 'grpcs', tls: true },
  { protocol: 'http', scheme: 'https', tls: true },
  { protocol: 'websocket', scheme: 'wss', tls: true },
] as const;
type Transport = (typeof TRANSPORTS)[number];

const scenarios = declaredScenarios();
const slowRelease = clientReleases.at(-1);
let certificate: ServerCertificate;
let plain: RunningServer;
let encrypted: RunningServer;

beforeAll(async () => {
  certificate = makeServerCertificate();
  [plain, encrypted] = await Promise.all([startServer(), startServer({ tls: certificate })]);
});

afterAll(async () => {
  const exits = await Promise.all([plain?.stop(), encrypted?.stop()]);
  certificate?.remove();
  for (const exit of exits) expect(exit?.code, 'exit status of the server').toBe(0);
});

for (const release of clientReleases) {
  for (const transport of TRANSPORTS) {
    describe(`clip-client 0.8.3 with ${release.name} over ${transport.scheme}`, () => driveWith(release, transport));
  }
}

function driveWith(release: ClientRelease, transport: Transport): void {
  // Slow ones once over each protocol: they are about the server's endurance, not about the client's version.
  const slow = release === slowRelease && !transport.tls;
  const wanted = scenarios.filter((one) => one.protocols.includes(transport.protocol) && (slow || !one.slow));
  let missing: string | undefined;
  let done: ScenarioRun | undefined;

  beforeAll(async () => {
    const environment = await pythonEnvironment(release);
    if ('missing' in environment) {
      missing = environment.missing;
      process.stderr.write(`${missing}\n`);
      return;
    }
    const server = transport.tls ? encrypted : plain;
    const trust = transport.tls ? { authorityFile: certificate.authorityFile } : {};
    const url = `${transport.scheme}://${server.target}`;
    done = await runScenarios({ python: environment.python, url, slow, ...trust });
  });

  it.for(wanted)('$name', ({ name }, ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    const outcome = done?.outcomes.get(name);
    expect(outcome ?? `the run ended before this scenario:\n${done?.stderr}`, outcome?.detail).toMatchObject({
      ok: true,
    });
  });
}
