/** Waits for a promise that others wait for too, until the signal says not to. */
export declare function until<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value>;
/** Waits for a time, or rejects as soon as the signal says so. */
export declare function pause(seconds: number, signal?: AbortSignal): Promise<void>;
