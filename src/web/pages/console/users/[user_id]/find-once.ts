import { ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';

/** What is found, or nothing if there is no such user. An id that is none finds nobody. */
export async function findOnce<Found>(finding: Promise<Found>): Promise<Found | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof ProblemError && (error.status === 404 || error.code === 'validation_failed')) return undefined;
    throw error;
  }
}
