import { requireNode } from '../../node-version.js';

requireNode();
void import('./start.js');
