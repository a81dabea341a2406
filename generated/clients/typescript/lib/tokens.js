/** Keeps tokens for as long as the page or the process lives. */
export function memoryTokenStore() {
    let kept;
    return {
        get: () => kept,
        set(tokens) {
            kept = tokens;
        },
    };
}
