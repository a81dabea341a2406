/** Programs that use the Java client, each of which tells JSON. They are compiled together, and run in one JVM. */
import type { Role } from '../../src/access/user.ts';
import type { TestApp } from '../support/app.ts';
import { addUser } from '../support/factories.ts';
import { useGateway } from '../support/gateway.ts';
import { useJavaProject, type JavaProgram } from '../support/java.ts';
import { newPerson, type Person } from '../support/people.ts';

const prelude = `
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.file.*;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import java.util.stream.*;
import latchkey.*;
import latchkey.model.*;

final class Programs {
  private final String url;
  private final String email;
  private final String password;
  private final Path directory;
  private final List<String> given;
  private final TokenStore store = new MemoryTokenStore();

  private Programs(String url, String email, String password, String directory, List<String> given) {
    this.url = url;
    this.email = email;
    this.password = password;
    this.directory = Path.of(directory);
    this.given = given;
  }

  interface Work { void run() throws Exception; }

  static List<Object> tell(Object... values) { return Arrays.asList(values); }

  static <T extends Exception> T failure(Class<T> type, Work work) throws Exception {
    try {
      work.run();
    } catch (Exception failed) {
      if (type.isInstance(failed)) return type.cast(failed);
      throw failed;
    }
    throw new AssertionError("it succeeded");
  }

  static ProblemException refusal(Work work) throws Exception { return failure(ProblemException.class, work); }

  LatchkeyClient.Builder builder() { return LatchkeyClient.builder(url); }

  LatchkeyClient signedIn() {
    LatchkeyClient client = builder().tokens(store).build();
    client.signIn(email, password);
    return client;
  }

  Tokens kept() { return store.load().get(); }

  void refuseTokens(String refreshToken) {
    store.save(new Tokens(kept().session(), "not.a.token", refreshToken, kept().refreshAt(), kept().expiresAt()));
  }

  void age(Instant refreshAt, Instant expiresAt) {
    store.save(new Tokens(kept().session(), kept().accessToken(), kept().refreshToken(), refreshAt, expiresAt));
  }

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      List<String> given = List.of(line.split("\\t"));
      Object told;
      try {
        told = new Programs(given.get(1), given.get(2), given.get(3), given.get(4), given.subList(5, given.size()))
            .run(Integer.parseInt(given.get(0)));
      } catch (Exception | AssertionError failed) {
        StringWriter trace = new StringWriter();
        failed.printStackTrace(new PrintWriter(trace));
        told = trace.toString();
      }
      System.out.println(new ObjectMapper().writeValueAsString(told));
    }
  }
`;

/** Runs a program as a person, with what it is given; returns what it told. */
interface Run {
  (person?: Person, ...given: string[]): Promise<unknown[]>;
  /** In a process of its own. */
  elsewhere(person?: Person): Promise<unknown[]>;
}

/** Compiles the programs of the suite, and starts a gateway in front of the server. */
export function useJavaPrograms(app: TestApp) {
  const gateway = useGateway(app);
  const project = useJavaProject();
  const bodies: string[] = [];
  let programs: JavaProgram | undefined;

  before('compile the programs', async function () {
    this.timeout(180_000);
    const methods = bodies.map((body, index) => `List<Object> program${index}() throws Exception {\n${body}\n}`);
    const cases = bodies.map((_, index) => `case ${index} -> program${index}();`).join('\n');
    const choice = `Object run(int index) throws Exception { return switch (index) {\n${cases}\ndefault -> null;\n}; }`;
    await project.compile('Programs', `${prelude}\n${choice}\n\n${methods.join('\n\n')}\n}\n`);
    programs = project.start('Programs');
  });
  after('stop them', () => programs?.stop());

  async function ask(
    program: JavaProgram,
    index: number,
    { email, password } = newPerson(),
    ...given: string[]
  ): Promise<unknown[]> {
    const line = [index, gateway.origin, email, password, project.directory, ...given].join('\t');
    const told = JSON.parse(await program.ask(line)) as unknown[] | string;
    if (typeof told === 'string') throw new Error(told);
    return told;
  }

  return {
    gateway,
    /** Declares a program, the body of a method that returns what it tells. */
    program(body: string): Run {
      const index = bodies.push(body) - 1;
      const run = (person?: Person, ...given: string[]) => ask(programs!, index, person, ...given);
      const elsewhere = async (person?: Person) => {
        const program = project.start('Programs');
        return ask(program, index, person).finally(() => program.stop());
      };
      return Object.assign(run, { elsewhere });
    },
    /** Makes a person with an account. */
    somebody: (role?: Role) => addUser(app, { ...(role && { role }) }),
  };
}
