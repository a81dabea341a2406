/** Prints the titles of all tests in the files that it is given, as JSON: `{file: [[suite, …, test], …]}`. It runs none of them. */
import path from 'node:path';
import Mocha from 'mocha';

const mocha = new Mocha();
for (const file of process.argv.slice(2)) mocha.addFile(path.resolve(file));
await mocha.loadFilesAsync();
const titles: Record<string, string[][]> = {};
mocha.suite.eachTest((test) => (titles[path.relative('.', test.file ?? '')] ??= []).push(test.titlePath()));
process.stdout.write(JSON.stringify(titles), () => process.exit());
