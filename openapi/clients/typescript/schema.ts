// Stands in for the types that are made of the contract, which take this file's place when the package is compiled.
export type * from '../../../generated/clients/typescript/lib/schema.d.ts';
