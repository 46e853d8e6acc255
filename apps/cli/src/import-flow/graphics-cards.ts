import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const lookMsMax = 10_000;

/**
 * How many GPUs the machine has, by the same signs as the Python server: what `nvidia-smi` lists, else CUDA_TOTAL_DEVICES. 0
 * where neither tells.
 */
export async function countGpus(env: NodeJS.ProcessEnv): Promise<number> {
  const total = Number(env['CUDA_TOTAL_DEVICES'] ?? 0);
  const told = Number.isInteger(total) && total > 0 ? total : 0;
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['-L'], { env, timeout: lookMsMax });
    return stdout.split('\n').filter((line) => line.includes('UUID') && line.startsWith('GPU')).length;
  } catch {
    return told;
  }
}
