#!/usr/bin/env node
import './node-version.cjs';

void import('./cas-command.mjs');
