// A process of its own that opens a database as the service does: says "ready" when it could, opens on the first line
// of its input, says which number it drew, and closes at the end of its input.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Database, nextChange } from '#database';

const input = createInterface({ input: process.stdin });
const ended = once(input, 'close');
console.log('ready');
await once(input, 'line');
const database = await Database.open({ url: process.env.TEST_URL, dataDir: process.env.TEST_DATA_DIR ?? '' });
console.log(await database.transaction((manager) => nextChange(manager, 'tokens')));
await ended;
await database.close();
