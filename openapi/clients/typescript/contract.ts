// Stands in for the module that is made of the contract, which takes this file's place when the package is compiled.
export * from '../../../generated/clients/typescript/lib/contract.js';
