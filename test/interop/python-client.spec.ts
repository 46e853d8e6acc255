import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate, type ServerCertificate } from '../support/certificates.js';
import { startServer, type RunningServer } from '../support/server.js';
import { clientReleases, pythonEnvironment, type ClientRelease } from './python-environments.js';
import { declaredScenarios, runScenarios, type ScenarioRun } from './scenarios.js';

// The unmodified Python clip-client against the built server: nothing changes for its users but the URL.

const PROTOCOLS = [
  { protocol: 'grpc', schemes: { plain: 'grpc', encrypted: 'grpcs' } },
  { protocol: 'http', schemes: { plain: 'http', encrypted: 'https' } },
  { protocol: 'websocket', schemes: { plain: 'ws', encrypted: 'wss' } },
] as const;
const TRANSPORTS = ['plain', 'encrypted'] as const;

const scenarios = declaredScenarios();
const slowRelease = clientReleases.at(-1);
let certificate: ServerCertificate;
let servers: Record<(typeof TRANSPORTS)[number], RunningServer>;

beforeAll(async () => {
  certificate = makeServerCertificate();
  // Both at once: on a fresh machine each takes a minute to install.
  await Promise.all(clientReleases.map((release) => pythonEnvironment(release)));
  const [plain, encrypted] = await Promise.all([startServer(), startServer({ tls: certificate })]);
  servers = { plain, encrypted };
});

afterAll(async () => {
  certificate?.remove();
  const exits = await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
  for (const exit of exits) expect(exit.code, 'exit status of the server').toBe(0);
});

for (const release of clientReleases) {
  for (const { protocol, schemes } of PROTOCOLS) {
    describe(`clip-client 0.8.3 with ${release.name}`, () => driveWith(release, protocol, schemes));
  }
}

/** Plain and encrypted at once, each in a Python of its own: most of the time either side waits for the other. */
function driveWith(release: ClientRelease, protocol: string, schemes: (typeof PROTOCOLS)[number]['schemes']): void {
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
        url: `${schemes[transport]}://${servers[transport].target}`,
        slow: runsSlowOnes(release, transport),
        ...(transport === 'encrypted' ? { authorityFile: certificate.authorityFile } : {}),
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

/** Once over each protocol is enough: they are about the server's endurance, not about the client's version. */
function runsSlowOnes(release: ClientRelease, transport: (typeof TRANSPORTS)[number]): boolean {
  return release === slowRelease && transport === 'plain';
}
