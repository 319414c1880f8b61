import { z } from 'zod';
import {
  createInvitationSchema,
  createKeySchema,
  createdInvitationSchema,
  createdKeySchema,
  doorSchema,
  houseSettingsSchema,
  invitationSchema,
  keySchema,
  linkSchema,
  linkSignInSchema,
  meSchema,
  passwordSignInSchema,
  sessionSchema,
  setPasswordSchema,
  signUpSchema,
  updateMeSchema,
  userSchema,
} from '../../contract/accounts.ts';
import { okSchema } from '../../contract/common.ts';
import { deleteAllSchema } from '../../contract/house.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };

/** Who is here, and how they come in. */
export const ACCOUNT_ROUTES = {
  door: { method: 'GET', path: '/api/door', response: doorSchema },
  signInByLink: { method: 'POST', path: '/api/sign-in/link', body: linkSignInSchema, response: meSchema },
  signInByPassword: { method: 'POST', path: '/api/sign-in/password', body: passwordSignInSchema, response: meSchema },
  signUp: { method: 'POST', path: '/api/sign-up', body: signUpSchema, response: meSchema },
  signOut: { method: 'POST', path: '/api/sign-out', ...ok },
  me: { method: 'GET', path: '/api/me', response: meSchema },
  updateMe: { method: 'PATCH', path: '/api/me', body: updateMeSchema, response: meSchema },
  setPassword: { method: 'POST', path: '/api/me/password', body: setPasswordSchema, response: meSchema },
  sessions: { method: 'GET', path: '/api/me/sessions', response: z.object({ sessions: z.array(sessionSchema) }) },
  endSession: { method: 'DELETE', path: '/api/me/sessions/:id', ...ok },
  createLink: { method: 'POST', path: '/api/me/links', response: linkSchema },
  keys: { method: 'GET', path: '/api/keys', response: z.object({ keys: z.array(keySchema) }) },
  createKey: { method: 'POST', path: '/api/keys', body: createKeySchema, response: createdKeySchema },
  revokeKey: { method: 'DELETE', path: '/api/keys/:id', ...ok },
  deleteAll: { method: 'POST', path: '/api/me/delete-all', body: deleteAllSchema, ...ok },
  houseSettings: { method: 'GET', path: '/api/house/settings', response: houseSettingsSchema },
  updateHouseSettings: {
    method: 'PATCH',
    path: '/api/house/settings',
    body: houseSettingsSchema.partial(),
    response: houseSettingsSchema,
  },
  users: { method: 'GET', path: '/api/house/users', response: z.object({ users: z.array(userSchema) }) },
  deleteUser: { method: 'DELETE', path: '/api/house/users/:id', ...ok },
  invitations: {
    method: 'GET',
    path: '/api/house/invitations',
    response: z.object({ invitations: z.array(invitationSchema) }),
  },
  createInvitation: {
    method: 'POST',
    path: '/api/house/invitations',
    body: createInvitationSchema,
    response: createdInvitationSchema,
  },
  deleteInvitation: { method: 'DELETE', path: '/api/house/invitations/:id', ...ok },
  openLink: { method: 'POST', path: '/api/house/open-link', response: linkSchema },
} as const satisfies Record<string, ApiRoute>;
