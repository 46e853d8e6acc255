export * from './command/command-follower.js';
export { commandKind, type CommandKind } from './command/command-kind.js';
export * from './command/pod-commands.js';
export * from './directory/pod-directory.js';
export * from './report/parts/process.js';
export type { PodReport, ReportPart } from './report/pod-report.js';
export { PodReporter, type PodReporterParts, type PartSource } from './report/pod-reporter.js';
