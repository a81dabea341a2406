/** Programs that use the Go client, each of which tells JSON. They are compiled together. */
import path from 'node:path';
import type { Role } from '../../src/access/user.ts';
import type { TestApp } from '../support/app.ts';
import { execute } from '../support/execute.ts';
import { addUser } from '../support/factories.ts';
import { useGateway } from '../support/gateway.ts';
import { useGoProject } from '../support/go.ts';
import { newPerson, type Person } from '../support/people.ts';

const prelude = `
var (
	url, email, directory = os.Args[2], os.Args[3], os.Args[5]
	password              = latchkey.Secret(os.Args[4])
	store                 = &latchkey.MemoryTokenStore{}
	ctx                   = context.Background()
	given                 = os.Args[6:]
)

func tell(values ...any) { check(json.NewEncoder(os.Stdout).Encode(values)) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[Value any](value Value, err error) Value {
	check(err)
	return value
}

func refusal(err error) *latchkey.ProblemError {
	problem := (*latchkey.ProblemError)(nil)
	if !errors.As(err, &problem) {
		panic(fmt.Sprintf("%T %v", err, err))
	}
	return problem
}

func connect(options latchkey.Options) *latchkey.Client { return must(latchkey.New(url, options)) }

func signedIn() *latchkey.Client {
	client := connect(latchkey.Options{Tokens: store})
	check(client.SignIn(ctx, email, password))
	return client
}

func change(edit func(*latchkey.Tokens)) {
	tokens := *must(store.Load())
	edit(&tokens)
	check(store.Save(&tokens))
}
`;
const imports = ['context', 'encoding/json', 'errors', 'fmt', 'log/slog', 'net/http', 'os', 'path/filepath', 'strings'];
const more = ['sync', 'time'];

/** Runs a program as a person, with what it is given; returns what it told. */
type Run = (person?: Person, ...given: string[]) => Promise<unknown[]>;

/** Compiles the programs of the suite, and starts a gateway in front of the server. */
export function useGoPrograms(app: TestApp) {
  const gateway = useGateway(app);
  const project = useGoProject();
  const bodies: string[] = [];

  before('compile the programs', async function () {
    this.timeout(180_000);
    const names = [...imports, ...more].map((name) => `\t"${name}"`).join('\n');
    const functions = bodies.map((body, index) => `func program${index}() {\n${body}\n}`).join('\n\n');
    const table = bodies.map((_, index) => `"${index}": program${index}`).join(', ');
    const used = 'var _ = []any{http.StatusOK, slog.Info, filepath.Join, strings.Join, sync.OnceFunc, time.Now}';
    const main = `func main() { map[string]func(){${table}}[os.Args[1]]() }`;
    await project.write(
      'main.go',
      `package main\n\nimport (\n${names}\n\n\t"example.com/latchkey"\n)\n${prelude}\n${used}\n\n${functions}\n\n${main}\n`,
    );
    await project.go('build', '-o', 'programs', '.');
  });

  return {
    gateway,
    /** Declares a program, the body of a function. */
    program(body: string): Run {
      const index = bodies.push(body) - 1;
      return async ({ email, password } = newPerson(), ...given) => {
        const { directory } = project;
        const args = [String(index), gateway.origin, email, password, directory, ...given];
        return JSON.parse(await execute(path.join(directory, 'programs'), args, { cwd: directory })) as unknown[];
      };
    },
    /** Makes a person with an account. */
    somebody: (role?: Role) => addUser(app, { ...(role && { role }) }),
  };
}
