import type { Config } from '../platform/config/config.ts';
import { isEmailAddress } from '../platform/formats/email-address.ts';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';

/** Everything that would stop `serve` in production, and its warnings. */
export function checkConfiguration(problems: readonly string[], warnings: readonly string[] = []): Finding[] {
  if (problems.length + warnings.length === 0) return [ok('configuration', 'production accepts every variable')];
  const as = (make: typeof fail) => (line: string) => {
    const end = line.lastIndexOf('; ');
    return make('configuration', line.slice(0, end), line.slice(end + 2));
  };
  return [...problems.map(as(fail)), ...warnings.map(as(warn))];
}

/** Whether NODE_ENV says that this is production. */
export function checkEnvironment(environment: string | undefined): Finding {
  if (environment === 'production') return ok('environment', 'NODE_ENV is production');
  const remedy = 'set NODE_ENV=production; the other checks read the configuration as if it were set';
  return fail('environment', `NODE_ENV is ${environment ?? 'not set'}, so unsafe settings are not refused`, remedy);
}

/** Whether limits count all requests of a client. The configuration itself requires them to be on. */
export function checkLimits(workers: number, redisUrl: string | undefined): Finding {
  if (redisUrl !== undefined) return ok('limits', 'all servers count together');
  const who = workers === 1 ? 'one process counts' : `${workers} workers count together, through their primary`;
  return ok('limits', `${who}; a second server would count on its own without REDIS_URL`);
}

// More than any person or program behind one address needs, in requests per second.
const tooMany = { standard: 1000, credentials: 10 } as const;

/** Whether limits are too high to limit anything. */
export function checkRates(rateLimits: Config['rateLimits']): Finding[] {
  return (['standard', 'credentials'] as const).flatMap((name) => {
    const limit = rateLimits[name];
    if (!limit || limit.requests / limit.windowSeconds <= tooMany[name]) return [];
    const variable = `RATE_LIMIT_${name.toUpperCase()}`;
    const reason = `${variable}=${limit.requests}/${limit.windowSeconds}s limits nothing`;
    return [fail('limits', reason, `unset ${variable} for its default, or allow at most ${tooMany[name]} a second`)];
  });
}

/** Whether the first administrator's address is valid. */
export function checkAdminEmail(adminEmail: string | undefined): Finding[] {
  if (adminEmail === undefined || isEmailAddress(adminEmail)) return [];
  return [fail('administrator', 'ADMIN_EMAIL is not an e-mail address', 'give one such as you@example.com')];
}

// NIST SP 800-63B-4, section 3.1.1.1, where the password is the only factor.
const recommendedLength = 15;

/** Whether new passwords resist guessing. */
export function checkPasswords({ minLength, breachedUrl }: Config['passwords']): Finding {
  if (minLength < recommendedLength) {
    const remedy = `unset PASSWORD_MIN_LENGTH for ${recommendedLength}, where the password is the only factor`;
    return warn('passwords', `passwords of ${minLength} characters are allowed`, remedy);
  }
  const searched = breachedUrl === undefined ? '' : ', and are searched in known breaches';
  return ok('passwords', `new ones have at least ${minLength} characters${searched}`);
}

/** Whether administrators need more than a password to sign in. */
export function checkSecondFactor(secondFactorFrom: Config['secondFactorFrom']): Finding {
  if (secondFactorFrom !== undefined) {
    return ok('second factor', `users with the role ${secondFactorFrom} or higher need one`);
  }
  const remedy = 'set REQUIRE_SECOND_FACTOR=admin; it leads them to enrol when they sign in';
  return warn('second factor', 'administrators may do everything with a password alone', remedy);
}

/** Whether the log is machine-readable, at a sensible level. */
export function checkLog({ level, format }: Config['log']): Finding[] {
  const remedy = 'set LOG_LEVEL=info';
  const ofFormat =
    format === 'json'
      ? ok('log', 'one JSON object per line')
      : warn('log', 'LOG_FORMAT is pretty, which is for people and slower', 'set LOG_FORMAT=json');
  if (level === 'info') return [ofFormat];
  if (level === 'debug' || level === 'trace') return [ofFormat, warn('log', `LOG_LEVEL=${level} is verbose`, remedy)];
  return [ofFormat, warn('log', `LOG_LEVEL is ${level}: requests are not logged`, remedy)];
}

/** Whether this server runs jobs. */
export function checkJobs(runJobs: boolean): Finding {
  if (runJobs) return ok('jobs', 'this server runs the jobs that are due');
  return warn(
    'jobs',
    'JOBS is off: this server runs no jobs',
    'make sure that another server runs them, or unset JOBS',
  );
}

/** Whether operators can monitor the service. */
export function checkOperators(operators: Config['operators']): Finding {
  if (operators === undefined) {
    return warn('operators', 'there are no metrics', 'set ADMIN_PORT, such as 9000, and let Prometheus scrape it');
  }
  return ok('operators', `metrics and probes are at ${operators.host}:${operators.port}`);
}
