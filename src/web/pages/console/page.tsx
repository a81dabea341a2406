import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemError, type components } from '../../../../openapi/clients/typescript/index.ts';
import { Console } from '../../components/console/console.tsx';
import { Plot, type Count } from '../../components/console/plot.tsx';
import { useConsole } from '../../components/console/viewer.ts';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { Unreachable } from '../../components/unreachable.tsx';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { useServices } from '../../services.ts';
import { concernsOf } from './state.ts';
import './overview.css';

const text = english.overview;

type Data = components['schemas']['Overview'];

/** Where the console begins: whether the service is well, and what goes on. */
export default function OverviewPage() {
  return (
    <Console>
      <Overview />
    </Console>
  );
}

const againMs = 60_000;

function Overview() {
  const { client } = useConsole();
  const { configuration, kept } = useServices();
  const [data, setData] = useState(() => kept.get('overview') as Data | undefined);
  const [fault, setFault] = useState<unknown>();
  const isGone = useRef(false);

  async function load(): Promise<void> {
    try {
      const found = await client.getOverview();
      kept.set('overview', found);
      if (isGone.current) return;
      setData(found);
      setFault(undefined);
    } catch (error) {
      if (!isGone.current) setFault(error);
    }
  }

  useEffect(() => {
    void load();
    const look = () => {
      if (document.visibilityState === 'visible') void load();
    };
    const timer = setInterval(look, againMs);
    addEventListener('online', look);
    return () => {
      isGone.current = true;
      clearInterval(timer);
      removeEventListener('online', look);
    };
  }, []);

  if (!data && fault !== undefined && !(fault instanceof ProblemError)) {
    return <Unreachable service={configuration.service_name} retry={() => void load()} />;
  }
  return (
    <Page title={text.title} isWide>
      <p role="status" class="note small">
        {!data ? text.loading : fault === undefined ? text.asOf(time(data.as_of)) : text.old(time(data.as_of))}
      </p>
      {fault instanceof ProblemError && (
        <Notice kind="danger" isAlert>
          <p>{messageOf(fault)}</p>
        </Notice>
      )}
      {data && <Figures data={data} isOld={fault !== undefined} />}
    </Page>
  );
}

const time = (at: string) => new Date(at).toLocaleTimeString('en-GB', { timeStyle: 'short' });

function Figures({ data, isOld }: { readonly data: Data; readonly isOld: boolean }) {
  const { isAdmin } = useConsole();
  const { users, active_sessions: sessions, days } = data;
  const active = {
    count: users.total.count - users.inactive.count,
    is_exact: users.total.is_exact && users.inactive.is_exact,
  };
  return (
    <div class={isOld ? 'stack overview old' : 'stack overview'}>
      <Health data={data} />
      <section aria-label={text.figures}>
        <dl class="overview-counts">
          <Figure name={text.counts.active_sessions} value={sessions} />
          <Figure name={text.counts.total} value={users.total} href="/console/users" />
          <Figure name={text.counts.active} value={active} href="/console/users?is_active=true" />
          <Figure name={text.counts.inactive} value={users.inactive} href="/console/users?is_active=false" />
          <Figure
            name={text.counts.deleted}
            value={users.deleted}
            hint={text.deletedHint}
            {...(isAdmin && { href: '/console/users/deleted' })}
          />
        </dl>
      </section>
      <section class="stack tight" aria-labelledby="days">
        <h2 id="days">{text.days}</h2>
        <p class="note small">{text.daysHint}</p>
        <div class="plots">
          {plots.map(([name, title]) => (
            <Plot key={name} title={title} days={days.map((day) => ({ date: day.date, value: day[name] }))} />
          ))}
        </div>
      </section>
    </div>
  );
}

const plots = Object.entries(text.plots) as [keyof typeof text.plots, string][];

function Health({ data }: { readonly data: Data }) {
  const { isAdmin } = useConsole();
  const concerns = concernsOf(data);
  return (
    <section aria-label={text.state}>
      {concerns.length === 0 ? (
        <p class="notice success">{text.well}</p>
      ) : (
        <ul class="notice danger overview-concerns">
          {concerns.map(({ sentence, href, link }) => (
            <li key={sentence}>
              {sentence} {isAdmin && <a href={href}>{link}</a>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: Count;
  readonly href?: string;
  readonly hint?: string;
}

function Figure({ name, value, href, hint }: FigureProps) {
  const shown = text.counted(value);
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {href === undefined ? shown : <a href={href}>{shown}</a>}
        {hint !== undefined && value.count > 0 && <span class="note small"> {hint}</span>}
      </dd>
    </div>
  );
}
