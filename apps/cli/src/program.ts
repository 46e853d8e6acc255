import { Command, Option } from 'commander';
import { packageVersion } from '#core';
import type { CommandTools } from './command-tools.js';
import { addAccountCommands } from './commands/account-commands.js';
import { addAuditCommands } from './commands/audit-commands.js';
import { addConfigCommand } from './commands/config-command.js';
import { addDatabaseCommands } from './commands/database-commands.js';
import { addLogLevelCommand } from './commands/log-level-command.js';
import { addLoginCommands } from './commands/login-commands.js';
import { addTokenCommands } from './commands/token-commands.js';
import { addTraceCommands } from './commands/trace-commands.js';
import { addUsageCommand } from './commands/usage-commands.js';
import { addEncodeDatasetCommand } from './dataset/encode-dataset-command.js';
import { addDevicesCommand } from './devices/devices-command.js';
import { withoutTokens } from './exit-codes.js';
import { addImportFlowCommand } from './import-flow/import-flow-command.js';
import { addModelCommands } from './models/model-commands.js';

const WHERE = `
Where it works: at the admin API of --url or CAS_CLI_URL (with the token in CAS_CLI_TOKEN) or of "cas auth login", else on this
host, with the database of the service's settings: cas.yml in this folder, CAS_DATABASE_URL, CAS_DATA_DIR (./data).

Exit codes: 0 done, 1 failed, 2 wrong arguments or settings, 3 not allowed, 5 server or database unreachable.`;

/** Makes the command `cas`. Its parsing throws a CommanderError where commander would end the process. */
export function createProgram(tools: CommandTools): Command {
  const { stdout, stderr } = tools.surroundings;
  const program = new Command('cas')
    .description('Administers CLIP-as-service')
    .version(packageVersion())
    .addOption(new Option('--url <url>', 'Work at this admin API').conflicts('local'))
    .option('--local', 'Work on this host, also while logged in elsewhere')
    .option('--json', 'Answer with one JSON object')
    .addHelpText('after', WHERE)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(withoutTokens(text.replace(/^error: /, 'cas: '))),
    });
  const auth = program.command('auth').description('Who may call, and who may administer');
  addTokenCommands(auth, tools);
  addLoginCommands(auth, tools);
  addAccountCommands(program, tools);
  addUsageCommand(program, tools);
  addTraceCommands(program, tools);
  addLogLevelCommand(program, tools);
  addConfigCommand(program, tools);
  addAuditCommands(program, tools);
  addDatabaseCommands(program, tools);
  addModelCommands(program, tools);
  addEncodeDatasetCommand(program, tools);
  addDevicesCommand(program, tools);
  addImportFlowCommand(program, tools);
  return program;
}
