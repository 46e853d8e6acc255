import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main } from './ensure.mjs';
import { buildProgram, goFor } from './go.mjs';
import { withLock } from './lock.mjs';
import { root } from './process.mjs';

/** Modules that name the versions, and every package that is built by its hash. */
const SOURCE = join(root, 'test', 'support', 'kubernetes');
const CACHE = join(root, '.cache', 'kubernetes');
const GO_MINOR_MIN = 26;

const PROGRAMS = {
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5',
  helm: 'helm.sh/helm/v4/cmd/helm',
};

/** Where each module has the definitions of its kinds. */
const DEFINITIONS = {
  'sigs.k8s.io/gateway-api': 'config/crd/standard',
  'github.com/kedacore/keda/v2': 'config/crd/bases',
  'github.com/prometheus-operator/prometheus-operator': 'example/prometheus-operator-crd',
};

/**
 * Makes what the tests of the manifests need, once, in `.cache/kubernetes`: `kustomize`, `helm`, and in `crds` the
 * definitions of the kinds of Gateway API, KEDA and the Prometheus operator. It takes a few minutes of one core. Who
 * calls while it is under way waits for that.
 */
await main(async () => {
  mkdirSync(CACHE, { recursive: true });
  return withLock(join(CACHE, 'lock'), async () => {
    const missing = Object.keys(PROGRAMS).filter((name) => !existsSync(join(CACHE, name)));
    if (missing.length === 0 && existsSync(join(CACHE, 'crds'))) return 0;
    const go = goFor('kustomize and helm', GO_MINOR_MIN);
    for (const name of missing) {
      const code = await build(go, name);
      if (code !== 0) return code;
    }
    copyDefinitions(go);
    return 0;
  });
});

function build(go, name) {
  return buildProgram(go, {
    ...{ cwd: join(SOURCE, name), program: PROGRAMS[name], built: join(CACHE, name) },
    args: ['-ldflags=-s -w'],
    env: { GOFLAGS: '-mod=readonly' },
  });
}

function copyDefinitions(go) {
  const module = join(SOURCE, 'crds');
  const wanted = join(CACHE, 'crds');
  rmSync(`${wanted}.new`, { recursive: true, force: true });
  for (const [name, folder] of Object.entries(DEFINITIONS)) {
    const version = new RegExp(`^\\s*${name} (\\S+)`, 'm').exec(readFileSync(join(module, 'go.mod'), 'utf8'))[1];
    // A module that is named with its version is held against go.sum, too, and brings no other with it.
    const answer = execFileSync(go, ['mod', 'download', '-json', `${name}@${version}`], {
      cwd: module,
      encoding: 'utf8',
    });
    cpSync(join(JSON.parse(answer).Dir, folder), `${wanted}.new`, { recursive: true, mode: 0 });
  }
  renameSync(`${wanted}.new`, wanted);
}
