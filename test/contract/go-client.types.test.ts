/** The Go client and the examples in its README, as go vet and gofmt see them, and on a live server. */
import { expect } from 'chai';
import { goClient } from '../../openapi/tools/clients/go-package.ts';
import { useApp } from '../support/app.ts';
import { execute } from '../support/execute.ts';
import { useGateway } from '../support/gateway.ts';
import { useGoProject } from '../support/go.ts';
import { newPerson } from '../support/people.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { enrolledLongAgo } from './clients-second-factors.ts';

const imports = ['context', 'encoding/json', 'errors', 'fmt', 'net/http', 'os', 'path/filepath', 'time'];

describe('the module of the Go client', function () {
  this.timeout(180_000);
  const app = useApp();
  const gateway = useGateway(app);
  const project = useGoProject();

  it('passes go vet and gofmt, and needs the standard library alone', async () => {
    const env = { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' };

    await execute('go', ['vet', './...'], { cwd: goClient, env });

    expect(await execute('gofmt', ['-l', goClient], { cwd: goClient })).to.equal('');
    expect(await execute('go', ['list', '-m', 'all'], { cwd: goClient, env })).to.equal('example.com/latchkey\n');
  });

  it('fits the examples in its README and in the guide, which work when pasted', async () => {
    const person = newPerson();
    await app.users.create({ ...person, role: 'admin' });
    gateway.answer(({ call }) => (call === 'GET /notes' ? { status: 200, body: [] } : undefined));
    const examples = await blocksOf('openapi/clients/go/README.md', 'go');
    const [ofGuide = ''] = await blocksOf('openapi/guide.md', 'go');
    const declarations = examples.filter((source) => /^(type|func) /.test(source));
    const [first = '', ...others] = examples.filter((source) => !declarations.includes(source));
    const signature = 'ctx context.Context, client *latchkey.Client';
    others.push(`email, password := "ada@example.com", askForPassword()\n${ofGuide}`);
    const functions = others.map((body, index) => `func example${index}(${signature}) error {\n${body}\nreturn nil\n}`);
    const source = `package main

import (
${imports.map((name) => `"${name}"`).join('\n')}

"example.com/latchkey"
)

func askForPassword() latchkey.Secret { return "correct horse battery staple" }

func askForCode() latchkey.Secret { panic("nobody here has a second factor") }

func begin(ctx context.Context, directory string) error {
${first}
}

${[...functions, ...declarations].join('\n\n')}

func main() {
	ctx := context.Background()
	errs := []error{begin(ctx, filepath.Join(os.Args[1], "kept"))}
	client, err := latchkey.New("https://accounts.example.com", latchkey.Options{Tokens: &sessionStore{session: map[string][]byte{}}})
	errs = append(errs, err, client.SignIn(ctx, "ada@example.com", askForPassword()))
	for _, example := range []func(${signature}) error{${others.map((_, index) => `example${index}`).join(', ')}} {
		errs = append(errs, example(ctx, client))
	}
	errs = append(errs, client.SignOut(ctx))
	if err := errors.Join(errs...); err != nil {
		panic(err)
	}
}
`
      .replaceAll(/https:\/\/(accounts|api)\.example\.com/g, gateway.origin)
      .replaceAll('ada@example.com', person.email)
      .replaceAll('correct horse battery staple', person.password);
    await project.write('main.go', source);

    await project.go('vet', '.');
    const printed = await project.go('run', '.', project.directory);

    expect(printed).to.include('200 OK').and.include('/body/password ').and.include(person.email);
  });

  it('fits the examples for those who have a second factor', async () => {
    const ada = await enrolledLongAgo(app);
    const examples = (await blocksOf('openapi/clients/go/README.md', 'go')).filter((one) => one.includes('askForCode'));
    const signature = 'ctx context.Context, client *latchkey.Client';
    const [signIn, prove] = examples.map(
      (body, index) => `func example${index}(${signature}) error {\n${body}\nreturn nil\n}`,
    );
    const source = `package main

import (
"context"
"errors"
"fmt"
"os"
"time"

"example.com/latchkey"
)

var codes = os.Args[3:]

func askForPassword() latchkey.Secret { return "correct horse battery staple" }

func askForCode() latchkey.Secret {
	code := codes[0]
	codes = codes[1:]
	return latchkey.Secret(code)
}

${signIn}

${prove}

func main() {
	ctx, store, soon := context.Background(), &latchkey.MemoryTokenStore{}, time.Now().Add(10 * time.Minute)
	access, refresh := latchkey.Secret(os.Args[1]), latchkey.Secret(os.Args[2])
	tokens := &latchkey.Tokens{Session: "ada", AccessToken: access, RefreshToken: refresh, RefreshAt: soon, ExpiresAt: soon}
	client, err := latchkey.New("${gateway.origin}", latchkey.Options{Tokens: store})
	errs := []error{store.Save(tokens), err, example1(ctx, client), client.SignOut(ctx), example0(ctx, client)}
	if err := errors.Join(errs...); err != nil {
		panic(err)
	}
	fmt.Println(client.IsSignedIn())
}
`
      .replaceAll('ada@example.com', ada.email)
      .replaceAll('correct horse battery staple', ada.password);
    await project.write('main.go', source);

    const printed = await project.go('run', '.', ...ada.tokens, ada.app.code(), ada.app.code(1));

    expect(printed).to.equal(`${ada.email}\nOne of [totp recovery_code]\ntrue <nil>\n`);
  });
});
