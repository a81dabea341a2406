/** The path that every path of the contract follows. */
export const basePath = "/api/v1";
/** How each operation is asked for. */
export const operations = {
    login: { "method": "POST", "path": "/auth/login", "secured": false, "takesBody": true, "takesQuery": false, "takesKey": false, "typed": true },
    logout: { "method": "POST", "path": "/auth/logout", "secured": true, "takesBody": false, "takesQuery": false, "takesKey": false, "typed": false },
    getCurrentUser: { "method": "GET", "path": "/auth/me", "secured": true, "takesBody": false, "takesQuery": false, "takesKey": false, "typed": false },
    updateCurrentUser: { "method": "PATCH", "path": "/auth/me", "secured": true, "takesBody": true, "takesQuery": false, "takesKey": false, "typed": false },
    refreshTokens: { "method": "POST", "path": "/auth/refresh", "secured": false, "takesBody": true, "takesQuery": false, "takesKey": false, "typed": false },
    registerUser: { "method": "POST", "path": "/auth/register", "secured": false, "takesBody": true, "takesQuery": false, "takesKey": true, "typed": true },
    getHealth: { "method": "GET", "path": "/health", "secured": false, "takesBody": false, "takesQuery": false, "takesKey": false, "typed": false },
    getReadiness: { "method": "GET", "path": "/health/ready", "secured": false, "takesBody": false, "takesQuery": false, "takesKey": false, "typed": false },
    listUsers: { "method": "GET", "path": "/users", "secured": true, "takesBody": false, "takesQuery": true, "takesKey": false, "typed": false },
    createUser: { "method": "POST", "path": "/users", "secured": true, "takesBody": true, "takesQuery": false, "takesKey": true, "typed": false },
    getUser: { "method": "GET", "path": "/users/{user_id}", "secured": true, "takesBody": false, "takesQuery": false, "takesKey": false, "typed": false },
    updateUser: { "method": "PATCH", "path": "/users/{user_id}", "secured": true, "takesBody": true, "takesQuery": false, "takesKey": false, "typed": false },
    deleteUser: { "method": "DELETE", "path": "/users/{user_id}", "secured": true, "takesBody": false, "takesQuery": false, "takesKey": false, "typed": false },
};
