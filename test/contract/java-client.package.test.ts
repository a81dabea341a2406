/** The Java client and the examples in its README, as Maven and javac see them, and on a live server. */
import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { javaClient } from '../../openapi/tools/clients/java-package.ts';
import { useApp } from '../support/app.ts';
import { execute } from '../support/execute.ts';
import { useGateway } from '../support/gateway.ts';
import { maven, useJavaProject } from '../support/java.ts';
import { newPerson } from '../support/people.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { enrolledLongAgo } from './clients-second-factors.ts';

const imports = ['java.net.*', 'java.net.http.*', 'java.net.http.HttpResponse.BodyHandlers', 'java.nio.file.*'];
const more = ['java.time.*', 'java.util.*', 'latchkey.*', 'latchkey.model.*'];
const importing = [...imports, ...more].map((name) => `import ${name};\n`).join('');

/** Uses of the client that must not compile, a line each. */
const misuses = `
client.listUser();
client.login(null);
client.loginWithCode(null);
client.answerChallenge("lkc_", SecondFactor.totp("123456"));
new SecondFactor("123456");
client.getCurrentUser().age();
client.listUsers(new ListUsersQuery().withSortBy("age"));
client.updateUser("1", new UserChanges(), "an etag");
client.createUser(new NewUser("ada@example.com", "Ada"));
client.registerUser(new Registration("ada@example.com", "violet lantern", "Ada")).id();
client.getUser("1", new IfMatch("an etag"));
client.eachUser().items();
LatchkeyClient.builder().build();
new LatchkeyClient("https://accounts.example.com");
`.trim();

describe('the package of the Java client', function () {
  this.timeout(300_000);
  const app = useApp();
  const gateway = useGateway(app);
  const project = useJavaProject();

  it('is built by Maven, warnings and faults in documentation being errors', async function () {
    const directory = path.join(project.directory, 'package');
    await cp(javaClient, directory, { recursive: true });

    const built = await maven(directory, 'package');

    if (built === undefined) {
      process.stdout.write("      skipped: Maven can't download its plugins\n");
      this.skip();
    }
    const jars = (await readdir(path.join(directory, 'target'))).filter((file) => file.endsWith('.jar')).sort();
    expect(jars.join()).to.match(/^latchkey-client-([\d.]+)-sources\.jar,latchkey-client-\1\.jar$/);
    const files = await execute('jar', ['tf', path.join('target', jars.at(-1) ?? '')], { cwd: directory });
    expect(files).to.include('META-INF/LICENSE').and.include('latchkey/LatchkeyClient.class');
  });

  it('fits the examples in its README and in the guide, which work when pasted', async () => {
    const person = newPerson();
    await app.users.create({ ...person, role: 'admin' });
    gateway.answer(({ call }) => (call === 'GET /notes' ? { status: 200, body: [] } : undefined));
    const examples = await blocksOf('openapi/clients/java/README.md', 'java');
    const [ofGuide = ''] = await blocksOf('openapi/guide.md', 'java');
    const declarations = examples.filter((source) => source.startsWith('record '));
    const [first = '', ...others] = examples.filter((source) => !declarations.includes(source));
    const methods = others.map((body, index) => `static void example${index}(LatchkeyClient client) {\n${body}}\n`);
    const source = `${importing}
class Examples {
  static String askForPassword() { return "correct horse battery staple"; }

  static String askForCode() { throw new IllegalStateException("nobody here has a second factor"); }

  static void begin(Path directory) {
${first}}

  static void guide() {
${ofGuide}}

${[...methods, ...declarations].join('\n')}
  public static void main(String[] args) {
    begin(Path.of(args[0]));
    guide();
    TokenStore tokens = new SessionTokenStore(new HashMap<>());
    LatchkeyClient client = LatchkeyClient.builder("https://accounts.example.com").tokens(tokens).build();
    client.signIn("ada@example.com", askForPassword());
${others.map((_, index) => `    example${index}(client);\n`).join('')}
    client.signOut();
  }
}
`
      .replaceAll(/https:\/\/(accounts|api)\.example\.com/g, gateway.origin)
      .replaceAll('ada@example.com', person.email)
      .replaceAll('correct horse battery staple', person.password);
    await project.compile('Examples', source);

    const printed = await project.run('Examples', path.join(project.directory, 'kept'));

    expect(printed).to.include('Ja Va\n').and.include('Ada King: 2\n').and.include('200 []\n');
    expect(printed).to.include('/body/password ').and.include(person.email);
  });

  it('fits the examples for those who have a second factor', async () => {
    const ada = await enrolledLongAgo(app);
    const examples = (await blocksOf('openapi/clients/java/README.md', 'java')).filter((one) =>
      one.includes('askForCode'),
    );
    const methods = examples.map((body, index) => `static void example${index}(LatchkeyClient client) {\n${body}}\n`);
    const source = `${importing}
class SecondFactors {
  private static final Deque<String> codes = new ArrayDeque<>();

  static String askForPassword() { return "correct horse battery staple"; }

  static String askForCode() { return codes.pop(); }

${methods.join('\n')}
  public static void main(String[] args) {
    codes.addAll(List.of(args).subList(2, args.length));
    TokenStore tokens = new MemoryTokenStore();
    Instant soon = Instant.now().plusSeconds(600);
    tokens.save(new Tokens("ada", args[0], args[1], soon, soon));
    LatchkeyClient client = LatchkeyClient.builder("${gateway.origin}").tokens(tokens).build();
    example1(client);
    client.signOut();
    example0(client);
    System.out.println(client.isSignedIn());
  }
}
`
      .replaceAll('ada@example.com', ada.email)
      .replaceAll('correct horse battery staple', ada.password);
    await project.compile('SecondFactors', source);

    const printed = await project.run('SecondFactors', ...ada.tokens, ada.app.code(), ada.app.code(1));

    expect(printed).to.equal(`${ada.email}\nOne of [totp, recovery_code]\ntrue\n`);
  });

  it('catches wrong operations, fields and arguments', async () => {
    const lines = misuses.split('\n');
    const methods = lines.map((line, index) => `void misuse${index}(LatchkeyClient client) {\n${line}\n}`);

    const said = await project
      .compile('Misuses', `${importing}\nclass Misuses {\n${methods.join('\n')}\n}\n`)
      .catch(String);

    const refused = lines.filter((line) => said?.includes(`\n${line}\n`));
    expect(refused).to.deep.equal(lines);
  });
});
