/* Made by `npm run generate` from openapi/. Do not edit. */
export const basePath = "/api/v1";

export const operations = {
  createUser: {"method":"post","path":"/users","leastRole":"admin","self":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":true},
  deleteUser: {"method":"delete","path":"/users/{user_id}","leastRole":"admin","self":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  getCurrentUser: {"method":"get","path":"/auth/me","leastRole":"user","self":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  getHealth: {"method":"get","path":"/health","leastRole":null,"self":null,"rateLimit":"none","hasBody":false,"takesIdempotencyKey":false},
  getReadiness: {"method":"get","path":"/health/ready","leastRole":null,"self":null,"rateLimit":"none","hasBody":false,"takesIdempotencyKey":false},
  getUser: {"method":"get","path":"/users/{user_id}","leastRole":"moderator","self":"user_id","rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  listUsers: {"method":"get","path":"/users","leastRole":"moderator","self":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  login: {"method":"post","path":"/auth/login","leastRole":null,"self":null,"rateLimit":"credentials","hasBody":true,"takesIdempotencyKey":false},
  logout: {"method":"post","path":"/auth/logout","leastRole":"user","self":null,"rateLimit":"standard","hasBody":false,"takesIdempotencyKey":false},
  refreshTokens: {"method":"post","path":"/auth/refresh","leastRole":null,"self":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":false},
  registerUser: {"method":"post","path":"/auth/register","leastRole":null,"self":null,"rateLimit":"credentials","hasBody":true,"takesIdempotencyKey":true},
  updateCurrentUser: {"method":"patch","path":"/auth/me","leastRole":"user","self":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":false},
  updateUser: {"method":"patch","path":"/users/{user_id}","leastRole":"admin","self":null,"rateLimit":"standard","hasBody":true,"takesIdempotencyKey":false},
} as const;
