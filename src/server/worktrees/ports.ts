import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { TallyError } from "../../protocol/errors.ts";
import { type PortLease, portVariable } from "../../protocol/worktrees.ts";

/** The ports that the system gives to outgoing connections, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface WantedPort {
  readonly name: string;
  /** The first one to try. */
  readonly from: number;
  /** The one it had: taken if it can be had, whatever `from` says. */
  readonly preferred?: number | undefined;
}

export interface PortLeasesOptions {
  /** All that are leased, read anew for each lease. */
  readonly leased: () => ReadonlySet<number>;
  readonly isFree?: (port: number) => Promise<boolean>;
  /** Null: there is none. */
  readonly ephemeral?: () => Promise<PortRange | null>;
}

const LAST_PORT = 65_535;

/** Ports that browsers open no page on: the "bad ports" of the Fetch standard, from 1024 on. */
const unbrowsable: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);

/** Leases ports to worktrees: one worktree after the other, so that however many are added at once, no two get the same port. */
export class PortLeases {
  readonly #leased: () => ReadonlySet<number>;
  readonly #isFree: (port: number) => Promise<boolean>;
  readonly #ephemeral: () => Promise<PortRange | null>;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ leased, isFree = isPortFree, ephemeral = ephemeralPorts }: PortLeasesOptions) {
    this.#leased = leased;
    this.#isFree = isFree;
    this.#ephemeral = ephemeral;
  }

  /**
   * Finds a port for each name, in that order.
   * @param keep writes the lease to the store. No other lease is looked for before it is done.
   * @throws {TallyError} `no-free-port`; then nothing is kept
   */
  lease<T>(wanted: readonly WantedPort[], keep: (ports: PortLease[]) => T | Promise<T>): Promise<T> {
    const result = this.#last.then(async () => keep(await this.#find(wanted)));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #find(wanted: readonly WantedPort[]): Promise<PortLease[]> {
    if (wanted.length === 0) return [];
    const taken = new Set(this.#leased());
    const ephemeral = await this.#ephemeral();
    const found = new Map<WantedPort, number>();
    const take = (port: number, want: WantedPort) => {
      taken.add(port);
      found.set(want, port);
    };
    // Before any other: the search for one must not end on the port that another one had.
    for (const want of wanted) {
      const { preferred } = want;
      if (preferred !== undefined && !taken.has(preferred) && (await this.#isFree(preferred))) take(preferred, want);
    }
    for (const want of wanted) {
      if (!found.has(want)) take(await this.#firstFree(want, taken, ephemeral), want);
    }
    return wanted.map((want) => ({ name: want.name, port: found.get(want) ?? want.from }));
  }

  async #firstFree(
    { name, from }: WantedPort,
    taken: ReadonlySet<number>,
    ephemeral: PortRange | null,
  ): Promise<number> {
    // Where the system's range leaves nothing, a port that an outgoing connection may take once is better than none.
    const isAllEphemeral = ephemeral !== null && ephemeral.from <= from && ephemeral.to >= LAST_PORT;
    for (let port = from; port <= LAST_PORT; port += 1) {
      if (!isAllEphemeral && ephemeral !== null && port >= ephemeral.from && port <= ephemeral.to) {
        port = ephemeral.to;
        continue;
      }
      if (taken.has(port) || unbrowsable.has(port)) continue;
      if (await this.#isFree(port)) return port;
    }
    throw new TallyError(
      "no-free-port",
      `No port from ${from} on is free for ${name}. Give it a lower one to begin with in tally.json, or remove a worktree: tally prune`,
    );
  }
}

/**
 * One at a time: where a system lets one program listen on all addresses and another one on a single address of the same port, only
 * trying each tells.
 */
const ADDRESSES = ["127.0.0.1", "::1", "0.0.0.0", "::"];

/** Whether a server could listen on it now, on this machine alone and on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const address of ADDRESSES) {
    if (!(await canListen(port, address))) return false;
  }
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.on("error", (error: NodeJS.ErrnoException) => {
      const isFamilyMissing = error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT";
      // EACCES: it is kept for the administrator, or on Windows for another service.
      const isTaken = error.code === "EADDRINUSE" || error.code === "EACCES";
      if (isFamilyMissing || isTaken) resolve(isFamilyMissing);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** What RFC 6335 gives to them; macOS and Windows keep to it. */
const DYNAMIC_PORTS: PortRange = { from: 49_152, to: LAST_PORT };

async function ephemeralPorts(): Promise<PortRange | null> {
  if (process.platform !== "linux") return DYNAMIC_PORTS;
  const text = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8").catch(() => "");
  const [from, to] = text.trim().split(/\s+/).map(Number);
  return from !== undefined && to !== undefined && from > 0 && to >= from ? { from, to } : DYNAMIC_PORTS;
}

/** The variables in which everything that runs in a worktree finds its ports. */
export function portEnvironment(ports: readonly PortLease[]): Record<string, string> {
  return Object.fromEntries(ports.map(({ name, port }) => [portVariable(name), String(port)]));
}
