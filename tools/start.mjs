#!/usr/bin/env node
import './node-version.cjs';

void import('./start-command.mjs');
