/** Verifies a password as often as bcrypt can for a number of seconds, and prints the rate per second. */
import bcrypt from 'bcrypt';

const seconds = Number(process.argv[2]);
const cost = 12;
const atOnce = 8; // twice the threads that Node gives it
const hash = await bcrypt.hash('violet lantern harbour', cost);
const started = performance.now();
let count = 0;

async function check(): Promise<void> {
  while (performance.now() - started < seconds * 1000) {
    await bcrypt.compare('violet lantern harbour', hash);
    count++;
  }
}

await Promise.all(Array.from({ length: atOnce }, check));
process.stdout.write(String((count / (performance.now() - started)) * 1000));
