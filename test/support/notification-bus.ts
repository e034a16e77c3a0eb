import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBroker, defineInterface, type MessageBus, sessionBus } from "dbus-native";
import { deferred } from "./deferred.ts";

const NAME = "org.freedesktop.Notifications";
const PATH = "/org/freedesktop/Notifications";

/** What a desktop was told: to show something, or to close it. */
export type Told =
  { readonly replaces: number; readonly title: string; readonly body: string } | { readonly closed: number };

/** The number that the desktop gives to every notification. */
export const NOTE_ID = 7;

/** A session bus of its own, on which a test plays the desktop. */
export interface TestBus {
  readonly folder: string;
  readonly address: string;
  /** Takes notifications from now on. @returns what it is told, as it comes. */
  serve(capabilities: readonly string[]): Promise<readonly Told[]>;
  stop(): Promise<void>;
}

export async function startBus(): Promise<TestBus> {
  const folder = await mkdtemp(join(tmpdir(), "tally-bus-"));
  const listens = deferred<string>();
  const broker = createBroker();
  broker.listen({ socket: join(folder, "bus") }, (error, address) => {
    if (error) listens.reject(error);
    else listens.resolve(address);
  });
  const busAddress = await listens.promise;
  const servers: MessageBus[] = [];
  return {
    folder,
    address: busAddress,
    serve: async (capabilities) => {
      const told: Told[] = [];
      const server = sessionBus({ busAddress });
      servers.push(server);
      const { impl, descriptor } = defineInterface({
        name: NAME,
        methods: {
          GetCapabilities: { out: { capabilities: "as" }, handler: () => capabilities },
          Notify: {
            in: { app: "s", id: "u", icon: "s", title: "s", body: "s", actions: "as", hints: "a{sv}", expiry: "i" },
            out: { id: "u" },
            handler: ({ id, title, body }: { id: number; title: string; body: string }) => {
              told.push({ replaces: id, title, body });
              return NOTE_ID;
            },
          },
          CloseNotification: { in: { id: "u" }, handler: ({ id }: { id: number }) => void told.push({ closed: id }) },
        },
      });
      server.exportInterface(impl, PATH, descriptor);
      await server.requestName(NAME, 0);
      return told;
    },
    stop: async () => {
      for (const server of servers) server.connection.end();
      broker.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
