import { setSourceMapsSupport } from 'node:module';
import type { Roles } from '#hosting';

/**
 * Runs the service, with stack traces that name our sources. Node reads the maps of our own files only: those of every
 * package, which `--enable-source-maps` reads, take 10 MB of memory.
 */
export async function runService(roles: Roles): Promise<void> {
  setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
  await import('reflect-metadata');
  const { runApp } = await import('#hosting');
  runApp(roles);
}
