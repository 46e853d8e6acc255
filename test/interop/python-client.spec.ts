import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate, type ServerCertificate } from '../support/certificates.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { clientReleases, pythonEnvironment, type PythonPackages } from './python-environments.js';
import { declaredScenarios, runScenarios, type ScenarioRun } from './scenarios.js';
import { relayWithToken, type TokenPlace } from './upgrade-relay.js';

// The unmodified Python clip-client against the built server: nothing changes for its users but the URL. The plain
// server needs no token; the encrypted one does, as one does that stands on a public network.

const PROTOCOLS = [
  { protocol: 'grpc', schemes: { plain: 'grpc', encrypted: 'grpcs' } },
  { protocol: 'http', schemes: { plain: 'http', encrypted: 'https' } },
  { protocol: 'websocket', schemes: { plain: 'ws', encrypted: 'wss' } },
] as const;
const TRANSPORTS = ['plain', 'encrypted'] as const;

const scenarios = declaredScenarios();
const slowRelease = clientReleases.at(-1);
let certificate: ServerCertificate;
let desk: TokenDesk;
let token: string;
let servers: Record<(typeof TRANSPORTS)[number] | 'behindRelays', RunningServer>;
let relays: Record<TokenPlace, Awaited<ReturnType<typeof relayWithToken>>>;

beforeAll(async () => {
  certificate = makeServerCertificate();
  // Both at once: on a fresh machine each takes a minute to install.
  await Promise.all(clientReleases.map((release) => pythonEnvironment(release)));
  desk = await TokenDesk.open();
  ({ token } = await desk.create());
  const env = { ...desk.env, CAS_AUTH: 'required' };
  const [plain, encrypted, behindRelays] = await Promise.all([
    startServer({ env: { CAS_REQUEST_BYTES_MAX: '64MiB' } }),
    startServer({ tls: certificate, env }),
    startServer({ env }),
  ]);
  servers = { plain, encrypted, behindRelays };
  const relay = (place: TokenPlace) => relayWithToken(certificate, behindRelays.port, place, token);
  relays = { header: await relay('header'), 'sub-protocol': await relay('sub-protocol') };
});

afterAll(async () => {
  certificate?.remove();
  for (const relay of Object.values(relays ?? {})) relay.close();
  const exits = await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
  for (const exit of exits) expect(exit.code, 'exit status of the server').toBe(0);
  await desk?.[Symbol.asyncDispose]();
});

for (const release of clientReleases) {
  for (const { protocol, schemes } of PROTOCOLS) {
    describe(`clip-client 0.8.3 with ${release.name}`, () => driveWith(release, protocol, schemes));
  }
}

/** Plain and encrypted at once, each in a Python of its own: most of the time either side waits for the other. */
function driveWith(release: PythonPackages, protocol: string, schemes: (typeof PROTOCOLS)[number]['schemes']): void {
  let missing = '';
  let runs: Partial<Record<(typeof TRANSPORTS)[number], ScenarioRun>> = {};

  beforeAll(async () => {
    const environment = await pythonEnvironment(release);
    if ('missing' in environment) {
      missing = environment.missing;
      return;
    }
    const start = (transport: (typeof TRANSPORTS)[number]) =>
      runScenarios({
        python: environment.python,
        url: `${schemes[transport]}://${addressOf(release, protocol, transport)}`,
        slow: runsSlowOnes(release, transport),
        ...(transport === 'encrypted' ? { authorityFile: certificate.authorityFile, token } : {}),
      });
    const [plain, encrypted] = await Promise.all(TRANSPORTS.map(start));
    runs = { ...(plain && { plain }), ...(encrypted && { encrypted }) };
  });

  describe.for(TRANSPORTS)(`over ${protocol}, %s`, (transport) => {
    const slow = runsSlowOnes(release, transport);
    const wanted = scenarios.filter((one) => one.protocols.includes(protocol) && (slow || !one.slow));
    it.for(wanted)('$name', ({ name }, ctx) => {
      if (missing) return ctx.skip(missing);
      const run = runs[transport];
      const outcome = run?.outcomes.get(name);
      expect(outcome ?? `the run ended before this scenario:\n${run?.stderr}`, outcome?.detail).toMatchObject({
        ok: true,
      });
    });
  });
}

/**
 * WebSockets get their token from a relay: in the header with one release of the client, as a sub-protocol with the
 * other.
 */
function addressOf(release: PythonPackages, protocol: string, transport: (typeof TRANSPORTS)[number]): string {
  if (protocol !== 'websocket' || transport === 'plain') return servers[transport].target;
  const place = clientReleases.indexOf(release) % 2 === 0 ? 'header' : 'sub-protocol';
  return `127.0.0.1:${relays[place].port}`;
}

/** Once over each protocol is enough: they are about the server's endurance, not about the client's version. */
function runsSlowOnes(release: PythonPackages, transport: (typeof TRANSPORTS)[number]): boolean {
  return release === slowRelease && transport === 'plain';
}
