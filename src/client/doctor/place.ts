import type { TallyHome } from "../../protocol/home.ts";
import type { GatewayClient } from "../http.ts";

/** Who asks Doctor, and what it looks at. */
export interface DoctorPlace {
  readonly home: TallyHome;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that holds `dist/`. */
  readonly folder: string;
  /** Of this client, to compare the gateway's with. */
  readonly version: string;
  /** What the person sits at; its PATH is compared with that of a login shell. */
  readonly caller: "editor" | "terminal";
  /** Starts a gateway where none runs and one may be started. */
  readonly client: GatewayClient;
  /** False in Restricted Mode: that no gateway runs is no problem then. */
  readonly mayStart: boolean;
  readonly signal: AbortSignal;
}
