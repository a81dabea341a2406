/** What another feature may join: the row of a factor. A user has a second factor if there is a confirmed one. */
export { FactorModel } from './factors.model.ts';
