/** The first version of Node that has all that the service uses (`argon2` of node:crypto, in CPUs' own code). */
const OLDEST = [24, 7];

/**
 * Ends a process of an older Node with one sentence and status 78 (sysexits.h EX_CONFIG). Older ones fail while they read the service's
 * modules, before a line of those runs: so the entries import this file alone, load the rest only afterwards, and this one is
 * written so that Node 12 can read it.
 */
export function requireNode(): void {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (Number(major) > Number(OLDEST[0]) || (major === OLDEST[0] && Number(minor) >= Number(OLDEST[1]))) return;
  process.stderr.write(
    'CLIP-as-service needs Node ' +
      OLDEST.join('.') +
      ' or newer, and this is Node ' +
      process.versions.node +
      '. In a checkout, npm start fetches the right one by itself; elsewhere install it, and start again with that.\n',
  );
  process.exit(78);
}
