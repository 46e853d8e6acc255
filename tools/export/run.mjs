import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { main, StepFailed } from '../ensure.mjs';
import { root, run, say } from '../process.mjs';

/**
 * `node tools/export/run.mjs [SCRIPT.py] ARGUMENTS`: runs a script of this folder, export.py when none is named, in a
 * Python environment under `.cache/export`, made on the first call from what the script requires.
 */
const here = dirname(fileURLToPath(import.meta.url));
/** onnxruntime for GPUs cannot share an environment with the one for CPUs that all other scripts use. */
const ENVIRONMENTS = {
  'prepare_tensorrt.py': {
    requirements: 'requirements-tensorrt.txt',
    packages: 'ONNX Runtime for GPUs',
    size: '500 MB',
  },
};
const ENVIRONMENT = { requirements: 'requirements.txt', packages: 'PyTorch and its companions', size: '5 GB' };
/** What the packages of either exist for. */
const PYTHONS = ['3.11', '3.12'];

await main(async (args) => {
  const named = args[0]?.endsWith('.py');
  const name = named ? args[0] : 'export.py';
  const script = join(here, name);
  if (!existsSync(script)) throw new StepFailed(`There is no ${args[0]} in tools/export.`, 2);
  const python = await environment(ENVIRONMENTS[name] ?? ENVIRONMENT);
  return run(python, [script, ...(named ? args.slice(1) : args)], { cwd: process.cwd() });
});

async function environment({ requirements, packages, size }) {
  const lock = readFileSync(join(here, requirements), 'utf8');
  const folder = join(root, '.cache', 'export', createHash('sha256').update(lock).digest('hex').slice(0, 16));
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'complete');
  if (existsSync(stamp)) return python;
  const base = await findPython();
  say(`Installing ${packages} into .cache/export (about ${size}, once).`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  await step(base, ['-m', 'venv', folder], 'The virtual environment could not be made.');
  await step(
    python,
    pipArguments(join(here, requirements)),
    'pip failed; its messages are above. Is the package index reachable?',
  );
  writeFileSync(stamp, '');
  return python;
}

/** `CAS_EXPORT_INDEX`: a further index, as PyTorch's own with the CPU builds, which are a tenth of the size. */
function pipArguments(requirements) {
  const extra = process.env.CAS_EXPORT_INDEX;
  const index = extra ? ['--extra-index-url', extra] : [];
  return ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...index, '-r', requirements];
}

async function findPython() {
  for (const version of PYTHONS) {
    const candidates = [`python${version}`, ...globSync(join(homedir(), `.pyenv/versions/${version}.*/bin/python`))];
    for (const candidate of candidates) if (await canServe(candidate, version)) return candidate;
  }
  throw new StepFailed(`The export needs Python ${PYTHONS.join(' or ')}; none was found.`, 1);
}

/** Whether the command exists, is of that version and can make virtual environments. */
async function canServe(python, version) {
  const check = `import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != '${version}')`;
  return (await run(python, ['-c', check], { stdio: 'ignore' }).catch(() => 1)) === 0;
}

async function step(command, args, failure) {
  if ((await run(command, args)) !== 0) throw new StepFailed(failure, 1);
}
