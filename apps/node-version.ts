/** The first version of Node that has all that the service uses (`argon2` of node:crypto, in CPUs' own code). */
const OLDEST = [24, 7];

/**
 * Ends the process with one sentence and status 78 (sysexits.h EX_CONFIG) when its Node is too old. An older Node fails
 * while it parses the service's modules, before it runs a line of them. So an entry imports this file alone and loads
 * the rest afterwards, and Node 12 can parse this file.
 *
 * On a Node that is new enough, stacks name the lines of the sources from then on.
 */
export function requireNode(): void {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (Number(major) > Number(OLDEST[0]) || (major === OLDEST[0] && Number(minor) >= Number(OLDEST[1]))) {
    mapStacks();
    return;
  }
  process.stderr.write(
    'CLIP-as-service needs Node ' +
      OLDEST.join('.') +
      ' or newer, and this is Node ' +
      process.versions.node +
      '. In a checkout, npm start fetches the right one by itself; elsewhere install it, and start again with that.\n',
  );
  process.exit(78);
}

/** Reads the source maps of our own files only: with those of all packages the service would hold 10 MB more. */
function mapStacks(): void {
  process.getBuiltinModule('node:module').setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
}
