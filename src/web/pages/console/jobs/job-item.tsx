import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemError, type Client, type components } from '../../../../../openapi/clients/typescript/index.ts';
import { useConsole } from '../../../components/console/viewer.ts';
import { Deed } from '../../../components/deed.tsx';
import { Field } from '../../../components/field.tsx';
import { Form } from '../../../components/form.tsx';
import { InPlace } from '../../../components/in-place.tsx';
import { Moment } from '../../../components/moment.tsx';
import { english } from '../../../english.ts';
import { wordsOf } from './job-query.ts';

const text = english.jobs;

type Job = components['schemas']['Job'];

/** A job, and what can be done about it; what became of that stands in its place. */
export function JobItem({ listed }: { readonly listed: Job }) {
  const { client } = useConsole();
  const [job, setJob] = useState(listed);
  const [result, setResult] = useState<string>();
  const watching = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => watching.current?.abort(), []);

  const { id, name, state } = job;
  const isGone = result === text.done || result === text.dropped;
  const words = wordsOf(name);

  async function retry(): Promise<void> {
    const due = await explaining(() => client.retryJob(id));
    setJob(due);
    setResult(text.retrying);
    watching.current?.abort();
    watching.current = new AbortController();
    void watch(watching.current.signal);
  }

  async function watch(signal: AbortSignal): Promise<void> {
    const found = await resultOf(client, job, signal).catch(() => 'taking' as const);
    if (signal.aborted) return;
    if (found === 'done') return setResult(text.done);
    if (found === 'taking') return setResult(text.taking);
    setJob(found);
    setResult(text.failedAgain);
  }

  async function drop(typed: string): Promise<void> {
    if (typed.trim() !== name) throw new Error(text.wrongName(name));
    await explaining(() => client.dropJob(id));
    setResult(text.dropped);
  }

  const names: Partial<Record<string, string>> = text.states;
  return (
    <div role="row" class={isGone ? 'job gone' : 'job'}>
      <div role="cell" class="job-what">
        <strong>{words}</strong>
        {words !== name && <code class="note small">{name}</code>}
        {job.last_error !== null && <p class="job-error">{job.last_error}</p>}
      </div>
      <div role="cell" class="job-state">
        <span class={state === 'dead' ? 'status off' : 'tag'}>{names[state] ?? state}</span>
        {job.is_recurring && <span class="note small">{text.recurring}</span>}
      </div>
      <div role="cell" class="job-times note small">
        <Times job={job} />
      </div>
      <div role="cell" class="job-deeds">
        {!isGone && state !== 'running' && (
          <Deed look="link" action={text.retry} name={text.retryName(words)} run={retry} />
        )}
        {!isGone && state === 'dead' && (
          <InPlace look="link" action={text.drop} name={text.dropName(words)}>
            {(close) => (
              <Form
                look="danger"
                name={id}
                action={text.drop}
                submit={({ job_name: typed = '' }) => drop(typed)}
                cancel={close}
              >
                <h2>{text.dropTitle(words)}</h2>
                <p class="note">{text.dropHint(name, english.date(job.created_at))}</p>
                <Field name="job_name" label={text.confirmation}>
                  {(input) => (
                    <input {...input} type="text" autoComplete="off" autoCapitalize="none" spellcheck={false} />
                  )}
                </Field>
              </Form>
            )}
          </InPlace>
        )}
        <p role="status">{result}</p>
      </div>
    </div>
  );
}

function Times({ job: { state, created_at: made, run_at: due, dead_at: dead, attempts } }: { readonly job: Job }) {
  return (
    <>
      <span>
        {text.since} <Moment at={made} look="second" isCopied />
      </span>
      {state === 'waiting' && due !== null && (
        <span>
          {text.due} <Moment at={due} look="second" isCopied />
        </span>
      )}
      {dead !== null && (
        <span>
          {text.deadSince} <Moment at={dead} look="second" isCopied />
        </span>
      )}
      {attempts > 0 && <span>{text.attempts(attempts)}</span>}
    </>
  );
}

/** Says what a problem with a job means. */
async function explaining<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const sentences: Partial<Record<string, string>> = text.problems;
    const sentence = error instanceof ProblemError ? sentences[error.code] : undefined;
    if (sentence === undefined) throw error;
    throw new Error(sentence, { cause: error });
  }
}

const looks = 12;
const pauseMs = 1000;

/** What becomes of a job that is due: a job leaves the list when it is done. */
async function resultOf(client: Client, { id, name }: Job, signal: AbortSignal): Promise<Job | 'done' | 'taking'> {
  for (let look = 0; look < looks; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    signal.throwIfAborted();
    const { items, next_cursor: next } = await client.listJobs({ name, limit: 100 }, { signal });
    const job = items.find((one) => one.id === id);
    if (!job && next === null) return 'done';
    if (job?.state === 'waiting' && job.attempts === 0 && isLater(job)) return 'done';
    if (job && job.state !== 'running' && job.attempts > 0) return job;
  }
  return 'taking';
}

/** Whether a job that recurs is due at its usual time again. */
const isLater = ({ is_recurring: isRecurring, run_at: due }: Job) =>
  isRecurring && due !== null && Date.parse(due) > Date.now() + pauseMs * looks;
