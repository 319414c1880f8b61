import { z } from 'zod';
import { httpsStatusSchema, setHttpsSchema } from '../../../contract/house.ts';
import type { Area } from '../http-app.ts';
import type { SecureDoor } from '../tls/secure-door.ts';

const tags = ['house'];
const owner = { access: 'owner', scope: 'account' } as const;

/** HTTPS for other devices of the network. */
export function httpsArea(door: SecureDoor): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/house/https',
      schema: { summary: 'Where other devices reach this house', tags, response: { 200: httpsStatusSchema } },
      config: owner,
      handler: () => door.status(),
    });
    app.route({
      method: 'PUT',
      url: '/api/house/https',
      schema: {
        summary: 'Switches HTTPS for other devices on or off; makes the certificate when there is none',
        tags,
        body: setHttpsSchema,
        response: { 200: httpsStatusSchema },
      },
      config: owner,
      handler: ({ actor, body }) => door.set(actor, body.enabled),
    });
    app.route({
      method: 'POST',
      url: '/api/house/https/renew',
      schema: {
        summary: 'Makes a new authority; devices that trusted the old one have to install it again',
        tags,
        response: { 200: httpsStatusSchema },
      },
      config: owner,
      handler: ({ actor }) => door.renewAuthority(actor),
    });
    app.route({
      method: 'GET',
      url: '/api/house/certificate',
      schema: {
        summary: 'The certificate that other devices install to trust this house',
        tags,
        response: { 200: z.string().meta({ description: 'PEM' }) },
      },
      // It is no secret: every handshake shows it, and a phone fetches it before anybody can sign in there.
      config: { access: 'public' },
      handler: async (_request, reply) => {
        reply.header('content-type', 'application/x-x509-ca-cert');
        reply.header('content-disposition', 'attachment; filename="everwith.crt"');
        return door.authority();
      },
    });
  };
}
