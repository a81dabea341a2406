/* Made by `npm run generate` from openapi/. Do not edit. */
export const basePath = "/api/v1";

export const operations = {
  createUser: {"method":"post","path":"/users","access":[{"scheme":"bearerAuth","leastRole":"admin"}],"assurance":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":true},
  deleteUser: {"method":"delete","path":"/users/{user_id}","access":[{"scheme":"bearerAuth","leastRole":"admin"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  getCurrentUser: {"method":"get","path":"/auth/me","access":[{"scheme":"bearerAuth","leastRole":"user"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  getHealth: {"method":"get","path":"/health","access":"public","assurance":null,"rateLimit":"none","hasBody":false,"takesIdempotencyKey":false},
  getReadiness: {"method":"get","path":"/health/ready","access":"public","assurance":null,"rateLimit":"none","hasBody":false,"takesIdempotencyKey":false},
  getUser: {"method":"get","path":"/users/{user_id}","access":[{"scheme":"bearerAuth","leastRole":"user"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  listAuditEvents: {"method":"get","path":"/audit-events","access":[{"scheme":"bearerAuth","leastRole":"admin"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  listOwnEvents: {"method":"get","path":"/auth/events","access":[{"scheme":"bearerAuth","leastRole":"user"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  listUsers: {"method":"get","path":"/users","access":[{"scheme":"bearerAuth","leastRole":"moderator"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  login: {"method":"post","path":"/auth/login","access":"public","assurance":null,"rateLimit":"credentials","hasBody":true,"takesIdempotencyKey":false},
  logout: {"method":"post","path":"/auth/logout","access":[{"scheme":"bearerAuth","leastRole":"user"}],"assurance":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  refreshTokens: {"method":"post","path":"/auth/refresh","access":"public","assurance":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":false},
  registerUser: {"method":"post","path":"/auth/register","access":"public","assurance":null,"rateLimit":"credentials","hasBody":true,"takesIdempotencyKey":true},
  updateCurrentUser: {"method":"patch","path":"/auth/me","access":[{"scheme":"bearerAuth","leastRole":"user"}],"assurance":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":false},
  updateUser: {"method":"patch","path":"/users/{user_id}","access":[{"scheme":"bearerAuth","leastRole":"admin"}],"assurance":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":false},
} as const;
