import { Socket } from 'node:net';
import { SOCKET_FD } from '../wire/frames.js';

/** A process that is no replica: it says on its socket what no replica says, and stays. */
new Socket({ fd: SOCKET_FD }).write('GET / HTTP/1.1\r\n\r\n');
