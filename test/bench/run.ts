/**
 * `npm run bench`. The hooks come first: Node strips types by itself, but follows neither the `.js` names of our imports
 * nor parameter properties. Their name is no literal, since the compiler allows no import of a `.ts` file.
 */
await import(new URL('typescript-hooks.ts', import.meta.url).href);
const { main } = await import('./main.js');
await main(process.argv.slice(2));

export {};
