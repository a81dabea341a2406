/** Runs the Redocly command line for each message of arguments: loading it takes longer than most of what it does. */
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL, URL } from 'node:url';

const program = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
const commandLine = new URL('../lib/index.js', pathToFileURL(program)).href;
let runs = 0;
let output = '';

// It sets its status when nothing is left to do, which never happens here.
process.on('newListener', (event, setStatus) => {
  if (event === 'beforeExit') setStatus();
});
process.stdout.write = process.stderr.write = (text) => {
  output += text;
  return true;
};

process.on('message', (args) => {
  output = '';
  process.argv = [process.execPath, program, ...args];
  process.exit = (status) => {
    process.removeAllListeners('beforeExit');
    process.send({ status, output });
  };
  void import(`${commandLine}?run=${runs++}`);
});
