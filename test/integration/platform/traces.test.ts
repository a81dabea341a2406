import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { decodeSpans, startReceiver, type Receiver } from '../../support/collector.ts';
import { copyTemplate } from '../../support/database.ts';
import { newPerson, registration } from '../../support/people.ts';
import { main, startServer, type RunningServer } from '../../support/process.ts';
import { eventually } from '../../support/eventually.ts';

const json = { 'Content-Type': 'application/json' };
const callersTrace = '0af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';
const traceparent = `00-${callersTrace}-${callersSpan}-01`;

describe('traces', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let collector: Receiver;

  before(async () => {
    copy = await copyTemplate();
  });
  beforeEach(async () => {
    collector = await startReceiver();
  });
  afterEach(() => collector.close());
  after(() => copy.drop());

  const start = (variables: Record<string, string> = {}) =>
    startServer({
      DATABASE_URL: copy.url,
      DATA_DIR: path.join(tmpdir(), 'latchkey-traces'),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
      ...variables,
    });
  const spans = () => collector.received.flatMap(({ body }) => decodeSpans(body));
  const register = (server: RunningServer, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}/api/v1/auth/register`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(registration(newPerson({ fullName: 'A Secret Name' }))),
    });
  const health = (server: RunningServer, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}/api/v1/health`, { headers });

  it("continue the caller's trace with a span for the request, one for each query, and the id in the log", async () => {
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20key' };
    const server = await start({ ...headers, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' });

    const answer = await register(server, { traceparent });
    await server.stop();

    expect(answer.status).to.equal(201);
    expect(collector.received[0]).to.include({ path: '/v1/traces' });
    expect(collector.received[0]?.headers).to.include({ 'content-type': 'application/x-protobuf', 'x-key': 'a key' });
    const [request, ...others] = spans().filter(({ kind }) => kind === 2);
    expect(others).to.deep.equal([]);
    expect(request).to.deep.include({
      traceId: callersTrace,
      parentSpanId: callersSpan,
      name: 'POST /api/v1/auth/register',
      status: 0,
    });
    expect(request?.attributes).to.deep.include({
      'http.request.method': 'POST',
      'http.route': '/api/v1/auth/register',
      'http.response.status_code': answer.status,
      'url.path': '/api/v1/auth/register',
      'latchkey.operation_id': 'registerUser',
      'latchkey.request_id': answer.headers.get('X-Request-Id'),
    });
    expect(request?.resource).to.include({ 'service.name': 'latchkey', 'deployment.environment.name': 'test' });
    const queries = spans().filter(({ kind }) => kind === 3);
    expect(queries.map(({ name }) => name)).to.include('INSERT');
    for (const query of queries) {
      expect(query).to.include({ traceId: callersTrace, parentSpanId: request?.spanId });
      expect(query.attributes).to.include({ 'db.system.name': 'postgresql', 'db.operation.name': query.name });
    }
    const line = server.log().find(({ msg }) => msg === 'request');
    expect(line).to.include({ trace_id: callersTrace, operation_id: 'registerUser' });
  });

  it('have a span for each run of a prepared statement', async () => {
    const server = await start();
    const body = JSON.stringify({ email: 'nobody@example.com', password: 'violet lantern harbour' });

    for (let time = 0; time < 2; time++) {
      await fetch(`${server.origin}/api/v1/auth/login`, { method: 'POST', headers: json, body });
    }
    await server.stop();

    const requests = spans().filter(({ kind }) => kind === 2);
    const lookUps = spans().filter(({ attributes }) =>
      /from users\s+where email/.test(String(attributes['db.query.text'])),
    );
    expect(lookUps.map(({ parentSpanId }) => parentSpanId)).to.have.members(requests.map(({ spanId }) => spanId));
    expect(lookUps.map(({ status }) => status)).to.deep.equal([0, 0]);
  });

  it('hold no address, name, password or query string', async () => {
    const server = await start();

    await register(server);
    await fetch(`${server.origin}/api/v1/health?access_token=a-secret-of-the-query`);
    await server.stop();

    const sent = Buffer.concat(collector.received.map(({ body }) => body)).toString('latin1');
    expect(sent).to.include('INSERT');
    for (const secret of ['@example.com', 'A Secret Name', 'violet lantern', 'a-secret-of-the-query']) {
      expect(sent).not.to.include(secret);
    }
  });

  it('describe a failure', async () => {
    const server = await start();

    await fetch(`${server.origin}/api/v1/auth/login`, { method: 'POST', headers: json, body: '{}' });
    await fetch(`${server.origin}/nowhere`);
    await server.stop();

    const [login, nowhere] = spans().filter(({ kind }) => kind === 2);
    expect(login).to.include({ name: 'POST /api/v1/auth/login', status: 0 });
    expect(login?.attributes).to.include({ 'http.response.status_code': 400 }).and.not.have.property('error.type');
    expect(nowhere).to.include({ name: 'GET', status: 0 });
    expect(nowhere?.attributes).not.to.have.property('http.route');
  });

  it("are sampled by OTEL_TRACES_SAMPLER and the caller's decision", async () => {
    const server = await start({ OTEL_TRACES_SAMPLER: 'parentbased_always_off' });

    await health(server);
    await health(server, { traceparent });
    await health(server, { traceparent: traceparent.replace(/1$/, '0') });
    await server.stop();

    expect(spans().map(({ traceId }) => traceId)).to.deep.equal([callersTrace]);
  });

  it("that can't be sent are logged once and disturb no request", async () => {
    const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const lost = () => server.log().filter(({ msg }) => String(msg).startsWith('traces cannot be sent'));

    expect((await health(server)).status).to.equal(200);
    await eventually('it is logged', () => lost().length > 0, 30_000);
    expect((await health(server)).status).to.equal(200);
    const { status } = await server.stop();

    expect(status).to.equal(0);
    expect(lost()).to.have.length(1);
  });

  it("don't exist without an endpoint, nor is their code loaded", async () => {
    const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_DEBUG: 'esm' });

    await register(server, { traceparent });
    const { stderr } = await server.stop();

    expect(collector.received).to.deep.equal([]);
    expect(server.log().find(({ msg }) => msg === 'request')).not.to.have.property('trace_id');
    // The files of the bundle are named for what a command imports when it needs it.
    expect(await readdir(path.dirname(main))).to.satisfy((files: string[]) =>
      files.some((file) => /^tracing-.*\.js$/.test(file)),
    );
    expect(stderr).to.include('/serve.server-').and.not.include('/tracing-');
  });
});
