import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from './ensure.mjs';
import { buildProgram, goFor } from './go.mjs';
import { withLock } from './lock.mjs';
import { root, run } from './process.mjs';

const VERSION = '1.37.2';
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'];
const CACHE = join(root, '.cache', 'kubernetes', 'api');
const GO_MINOR_MIN = 26;

/**
 * Builds a real Kubernetes control plane for `npm run test:kubernetes`, once, in `.cache/kubernetes/api`: about twenty
 * minutes of one core. `go install` refuses k8s.io/kubernetes, whose go.mod replaces its parts by folders beside it; a
 * module of our own replaces them by their published versions, `v0.37.2` for `v1.37.2`.
 */
await main(async () => {
  mkdirSync(CACHE, { recursive: true });
  return withLock(join(CACHE, 'lock'), async () => {
    const missing = PROGRAMS.filter((name) => !existsSync(join(CACHE, name)));
    if (missing.length === 0) return 0;
    const go = goFor('Kubernetes', GO_MINOR_MIN);
    writeModule(go);
    const tidied = await run(go, ['mod', 'tidy'], { cwd: CACHE });
    if (tidied !== 0) return tidied;
    for (const name of missing) {
      const code = await build(go, name);
      if (code !== 0) return code;
    }
    return 0;
  });
});

function writeModule(go) {
  const download = execFileSync(go, ['mod', 'download', '-json', `k8s.io/kubernetes@v${VERSION}`], {
    encoding: 'utf8',
  });
  const theirs = readFileSync(JSON.parse(download).GoMod, 'utf8');
  const part = `v0.${VERSION.slice(2)}`;
  const replaced = [...theirs.matchAll(/(k8s\.io\/[a-z-]+) => \.\/staging/g)].map(([, name]) => name);
  const lines = [
    'module clip-as-service/kubernetes',
    /^go .*/m.exec(theirs)[0],
    `require k8s.io/kubernetes v${VERSION}`,
    ...replaced.map((name) => `replace ${name} => ${name} ${part}`),
  ];
  writeFileSync(join(CACHE, 'go.mod'), `${lines.join('\n')}\n`);
  const imports = PROGRAMS.map((name) => `import _ "k8s.io/kubernetes/cmd/${name}"\n`).join('');
  writeFileSync(join(CACHE, 'tools.go'), `//go:build tools\n\npackage tools\n\n${imports}`);
}

function build(go, name) {
  const [major, minor] = VERSION.split('.');
  const version = 'k8s.io/component-base/version';
  const flags = `-s -w -X ${version}.gitVersion=v${VERSION} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`;
  return buildProgram(go, {
    ...{ cwd: CACHE, program: `k8s.io/kubernetes/cmd/${name}`, built: join(CACHE, name) },
    args: ['-p=2', `-ldflags=${flags}`],
  });
}
