#!/usr/bin/env node
import { readOptions } from './cli/args.ts';
import { HELP } from './cli/help.ts';
import { mirror } from './cli/mirror-command.ts';
import { verifyCommand } from './cli/verify-command.ts';
import { EXIT, LeaveError } from './exit-codes.ts';
import { folderWords, isFileError } from './local/folder-error.ts';
import { RefusedError } from './remote/recorder-client.ts';

/** What a shell calls a process that a signal ended. */
const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143 } as const;

async function run(signal: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  switch (options.command) {
    case 'help':
      process.stdout.write(HELP);
      return EXIT.ok;
    case 'verify':
      return verifyCommand(options, process.stdout);
    case 'mirror':
      return mirror(options, process.stdout, signal);
  }
}

/** The exit code for an error that a person can do something about; others are thrown on. */
function leave(error: unknown): number {
  if (error instanceof LeaveError) {
    process.stderr.write(`qsensor-mirror: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof RefusedError) {
    process.stderr.write(`qsensor-mirror: the vehicle refuses ${error.message}\n`);
    return EXIT.vehicleLost;
  }
  if (isFileError(error)) {
    process.stderr.write(`qsensor-mirror: ${folderWords(error)}\n`);
    return EXIT.folder;
  }
  throw error;
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stopping.abort(SIGNAL_EXIT[name]));
  }
  try {
    return await run(stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return stopping.signal.reason;
    return leave(error);
  }
}

process.exitCode = await main();
