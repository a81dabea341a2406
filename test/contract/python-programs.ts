/** Programs that use the Python client, each of which tells JSON. */
import type { Role } from '../../src/access/user.ts';
import type { TestApp } from '../support/app.ts';
import { addUser } from '../support/factories.ts';
import { useGateway } from '../support/gateway.ts';
import { newPerson, type Person } from '../support/people.ts';
import { usePythonClient } from '../support/python.ts';

const prelude = `
import asyncio, json, stat, sys, time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
import httpx
from latchkey_client import *

url, email, password, directory, *given = sys.argv[1:]
store = MemoryTokenStore()

def change(**changes):
    store.save(replace(store.load(), **changes))

def refusal(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except LatchkeyError as error:
        return error
    raise AssertionError("the call succeeded")

def tell(*values):
    print(json.dumps(values))
`;
/** Signs in whoever runs the program. */
export const signedIn = `
client = Client(url, tokens=store)
client.sign_in(email, password)
`;

/** Installs the client for the suite and starts a gateway in front of the server. */
export function usePrograms(app: TestApp) {
  const gateway = useGateway(app);
  const python = usePythonClient();
  return {
    gateway,
    /** Runs a program as a person, with what it is given; returns what it told. */
    run: async (source: string, { email, password }: Person = newPerson(), ...given: string[]): Promise<unknown[]> => {
      const told = await python.run(prelude + source, gateway.origin, email, password, python.directory, ...given);
      return JSON.parse(told) as unknown[];
    },
    /** Makes a person with an account. */
    somebody: (role?: Role) => addUser(app, { ...(role && { role }) }),
  };
}
