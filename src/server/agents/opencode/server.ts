import type { Whereabouts } from "../adapter.ts";

/** opencode's own HTTP server, as a launch knows it. */
export interface OpencodeServer {
  readonly url: string;
  /** Basic authentication; null where the person's own server asks for none. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

type Environment = Readonly<Record<string, string>>;

/** Where a server that the person asked for is reached from this machine. Null when it does not listen on loopback. */
export function loopbackUrl(port: number, hostname: string | null): string | null {
  switch (hostname) {
    case null:
    case "127.0.0.1":
    case "localhost":
    case "0.0.0.0":
      return `http://127.0.0.1:${port}`;
    case "::1":
    case "::":
      return `http://[::1]:${port}`;
    default:
      return null;
  }
}

/** What a server that starts with this environment asks its clients for. */
export function credentialsOf(env: Environment): OpencodeServer["credentials"] {
  const password = env["OPENCODE_SERVER_PASSWORD"];
  return password ? { username: env["OPENCODE_SERVER_USERNAME"] ?? "opencode", password } : null;
}

/** A server as {@link Whereabouts.launch}, and back. */
export function whereaboutsOf({ url, credentials }: OpencodeServer): Record<string, string> {
  return { url, ...credentials };
}

export function serverAt({ launch }: Pick<Whereabouts, "launch">): OpencodeServer | null {
  const { url, username, password } = launch;
  if (url === undefined) return null;
  const isProtected = username !== undefined && password !== undefined;
  return { url, credentials: isProtected ? { username, password } : null };
}

export function headersFor({ credentials }: OpencodeServer): Record<string, string> {
  if (!credentials) return {};
  const { username, password } = credentials;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}
