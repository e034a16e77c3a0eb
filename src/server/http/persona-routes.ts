import type { Personas } from "../personas/personas.ts";
import { refuseFromInside } from "../sessions/inside-session.ts";
import type { Store } from "../store/store.ts";
import type { RouteHandlers } from "./router.ts";

type PersonaRoutes = Pick<RouteHandlers, "personas" | "approvePersona">;

export function personaRoutes(options: { personas: Personas; store: Store }): PersonaRoutes {
  const { personas, store } = options;
  return {
    personas: ({ query }) => personas.list(query.cwd),
    approvePersona: async ({ body, connection }) => {
      refuseFromInside(connection, store.liveSessions());
      return { persona: await personas.approve(body.cwd, body.name, body.hash) };
    },
  };
}
