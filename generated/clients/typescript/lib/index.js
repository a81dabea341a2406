export { browserTokenStore } from "./browser-tokens.js";
export { createClient } from "./client.js";
export { NetworkError, ProblemError, UnexpectedAnswerError, } from "./problems.js";
export { memoryTokenStore } from "./tokens.js";
