/** The Python client and the examples in its README, as users' type checkers and interpreters see them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { useGateway } from '../support/gateway.ts';
import { newPerson } from '../support/people.ts';
import { usePythonClient } from '../support/python.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { enrolledLongAgo } from './clients-second-factors.ts';

/** Correct uses of the client, and errors that the type checker must find. */
const consumer = `
from datetime import datetime
from latchkey_client import AsyncClient, Client, ProblemError, SecondFactorRequired

def use(client: Client) -> str:
    me = client.get_current_user()
    created: datetime = me.created_at
    role: str = me.role
    client.update_user(me.id, role="moderator", if_match=me.etag)
    for user in client.each_user(role="user"):
        print(user.full_name)
    registered = client.register_user(email="", password="", full_name="")
    client.list_user()  # type: ignore[attr-defined]
    client.login(email="", password="")  # type: ignore[attr-defined]
    client.login_with_code(email="", code="")  # type: ignore[attr-defined]
    print(me.age)  # type: ignore[attr-defined]
    client.list_users(sort_by="age")  # type: ignore[arg-type]
    client.list_users(limits=1)  # type: ignore[call-arg]
    client.create_user(email="", full_name="", role="owner")  # type: ignore[arg-type]
    client.create_user(email="", full_name="")  # type: ignore[call-arg]
    print(registered.id)  # type: ignore[union-attr]
    Client()  # type: ignore[call-arg]
    return f"{created} {role}"

async def use_async(client: AsyncClient) -> int | None:
    async for user in client.each_user():
        print(user.id)
    client.each_user().items  # type: ignore[attr-defined]
    return (await client.list_users(limit=1)).total

def answer(client: Client, error: SecondFactorRequired) -> None:
    client.answer_challenge(error.challenge, totp="123456")
    client.answer_challenge(error.challenge, sms="123456")  # type: ignore[call-arg]
    client.answer_challenge("lkc_", totp="123456")  # type: ignore[arg-type]

def code(error: ProblemError) -> tuple[str, int, float | None]:
    return error.code, error.status, error.retry_after
`;

describe('the types of the Python client', function () {
  this.timeout(180_000);
  const app = useApp();
  const gateway = useGateway(app);
  const python = usePythonClient();

  const examples = () => blocksOf('openapi/clients/python/README.md', 'python');

  it('pass mypy --strict, as do the examples in its README, and catch wrong operations, fields and arguments', async () => {
    await writeFile(path.join(python.directory, 'consumer.py'), consumer);
    await writeFile(path.join(python.directory, 'examples.py'), (await examples()).join('\n'));

    const said = await python.runModule(
      'mypy',
      '--strict',
      '-p',
      'latchkey_client',
      '-m',
      'consumer',
      '-m',
      'examples',
    );

    expect(said).to.match(/^Success: no issues found in \d+ source files\n$/);
  });

  it('fit the examples in its README, which work when pasted', async () => {
    const person = newPerson();
    await app.users.create({ ...person, role: 'admin' });
    gateway.answer(({ call }) => (call === 'GET /notes' ? { status: 200, body: ['a note'] } : undefined));
    const signIn = 'client.sign_in("ada@example.com", "correct horse battery staple")\n';
    const source = (await examples())
      .join(signIn)
      .replaceAll(/https:\/\/(accounts|api)\.example\.com/g, gateway.origin)
      .replaceAll('ada@example.com', person.email)
      .replaceAll('correct horse battery staple', person.password)
      .replaceAll('~/', `${python.directory}/`);

    const printed = await python.run(`${source}\nprint(client_of({}).is_signed_in)`);

    expect(printed).to.include("['a note']").and.include('/body/password ').and.include('127.0.0.1');
    expect(printed.trim().split('\n').at(-1)).to.equal('False');
  });

  it('fit the examples for those who have a second factor', async () => {
    const ada = await enrolledLongAgo(app);
    const [signIn, prove] = (await examples()).filter((source) => source.includes('answer_challenge'));
    const source = `
import builtins, getpass, sys, time
from latchkey_client import Client, MemoryTokenStore, Tokens
_, password, access_token, refresh_token, *codes = sys.argv
soon, store = time.time() + 600, MemoryTokenStore()
client = Client("${gateway.origin}", tokens=store)
store.save(Tokens(session="ada", access_token=access_token, refresh_token=refresh_token, refresh_at=soon, expires_at=soon))
getpass.getpass = lambda: password
builtins.input = lambda _: codes.pop(0)
${prove}
print(with_proof(client.export_current_user).user.email)
client.sign_out()
${signIn}
print(client.is_signed_in)
`
      .replaceAll('ada@example.com', ada.email)
      .replaceAll('correct horse battery staple', ada.password);

    const printed = await python.run(source, ada.password, ...ada.tokens, ada.app.code(), ada.app.code(1));

    expect(printed).to.equal(`${ada.email}\nOne of ['totp', 'recovery_code']\nTrue\n`);
  });
});
