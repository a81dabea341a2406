import { fail, ok, type Finding } from './findings.ts';

/** Every line that would stop `serve` in production. */
export function checkConfiguration(problems: readonly string[]): Finding[] {
  if (problems.length === 0) return [ok('configuration', 'production accepts every variable')];
  return problems.map((problem) => {
    const end = problem.lastIndexOf('; ');
    return fail('configuration', problem.slice(0, end), problem.slice(end + 2));
  });
}
