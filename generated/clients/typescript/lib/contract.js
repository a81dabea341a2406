/** The path that every path of the contract follows. */
export const basePath = "/api/v1";
/** How each operation is asked for. */
export const operations = {
    login: { "method": "POST", "path": "/auth/login", "secured": false, "takesKey": false },
    logout: { "method": "POST", "path": "/auth/logout", "secured": true, "takesKey": false },
    getCurrentUser: { "method": "GET", "path": "/auth/me", "secured": true, "takesKey": false },
    updateCurrentUser: { "method": "PATCH", "path": "/auth/me", "secured": true, "takesKey": false },
    refreshTokens: { "method": "POST", "path": "/auth/refresh", "secured": false, "takesKey": false },
    registerUser: { "method": "POST", "path": "/auth/register", "secured": false, "takesKey": true },
    getHealth: { "method": "GET", "path": "/health", "secured": false, "takesKey": false },
    getReadiness: { "method": "GET", "path": "/health/ready", "secured": false, "takesKey": false },
    listUsers: { "method": "GET", "path": "/users", "secured": true, "takesKey": false },
    createUser: { "method": "POST", "path": "/users", "secured": true, "takesKey": true },
    getUser: { "method": "GET", "path": "/users/{user_id}", "secured": true, "takesKey": false },
    updateUser: { "method": "PATCH", "path": "/users/{user_id}", "secured": true, "takesKey": false },
    deleteUser: { "method": "DELETE", "path": "/users/{user_id}", "secured": true, "takesKey": false },
};
