import { type Client, ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import { noteUser } from '../../../../components/console/known-users.ts';
import { english } from '../../../../english.ts';

const text = english.userDeletion;

/** Brings a deleted user back; throws what there is to say if that can't be. */
export async function restore(client: Client, kept: Map<string, unknown>, id: string): Promise<void> {
  try {
    noteUser(kept, await client.restoreUser(id));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.code === 'email_taken') throw new Error(text.taken, { cause: error });
    if (error.code === 'not_found') throw new Error(text.erased, { cause: error });
    throw error;
  }
}
