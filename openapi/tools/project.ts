import { findProject } from '../../src/platform/project.ts';

/** The folder of package.json. */
export const { root } = findProject();
