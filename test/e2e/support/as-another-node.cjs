'use strict';

// Preloaded: makes a process take itself for the Node of AS_NODE.
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: process.env.AS_NODE } });
