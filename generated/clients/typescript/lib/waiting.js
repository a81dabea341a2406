/** Waits for a promise that others wait for too, until the signal says not to. */
export function until(promise, signal) {
    if (!signal)
        return promise;
    return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort);
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
        if (signal.aborted)
            abort();
    });
}
/** Waits for a time, or rejects as soon as the signal says so. */
export async function pause(seconds, signal) {
    let timer;
    const elapsed = new Promise((resolve) => {
        timer = setTimeout(resolve, seconds * 1000);
    });
    try {
        await until(elapsed, signal);
    }
    finally {
        clearTimeout(timer);
    }
}
