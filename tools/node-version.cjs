'use strict';

// Loaded before the tools, whose own text a Node that is too old cannot even read: hence CommonJS and old words only.
var oldest = 20;
if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    'This needs Node ' +
      oldest +
      ' or newer, and this is Node ' +
      process.versions.node +
      '. Install a newer one, such as Node 24, and try again.\n',
  );
  process.exit(78); // EX_CONFIG of sysexits.h
}
