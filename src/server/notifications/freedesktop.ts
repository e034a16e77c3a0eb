import type { MessageBus } from "dbus-native";
import type { Desktop } from "./desktop.ts";
import type { DesktopNote } from "./note.ts";

const SERVICE = "org.freedesktop.Notifications";
const PATH = "/org/freedesktop/Notifications";
/** A desktop that does not answer by then is none. */
const TIMEOUT_MS = 5_000;
/** The server decides how long it is shown. */
const DEFAULT_EXPIRY = -1;
const NO_NOTE = 0;

export interface FreedesktopOptions {
  /** Where the session bus listens; undefined outside a desktop's session. */
  readonly busAddress: string | undefined;
}

/** Desktops that speak the notification specification of freedesktop.org: GNOME, KDE and most others on Linux and BSD. */
export class FreedesktopDesktop implements Desktop {
  readonly #busAddress: string | undefined;
  /** By subject. */
  readonly #shownIds = new Map<string, number>();

  constructor({ busAddress }: FreedesktopOptions) {
    this.#busAddress = busAddress;
  }

  async show({ title, body }: DesktopNote, subject: string): Promise<void> {
    await this.#withBus(async (bus) => {
      const capabilities = await call<string[]>(bus, "GetCapabilities");
      const text = capabilities.includes("body-markup") ? escapeMarkup(body) : body;
      const actions: string[] = [];
      const hints: unknown[] = [];
      const replaces = this.#shownIds.get(subject) ?? NO_NOTE;
      const arguments_ = ["Tally", replaces, "", title, text, actions, hints, DEFAULT_EXPIRY];
      this.#shownIds.set(subject, await call<number>(bus, "Notify", "susssasa{sv}i", arguments_));
    });
  }

  async withdraw(subject: string): Promise<void> {
    const id = this.#shownIds.get(subject);
    this.#shownIds.delete(subject);
    if (id !== undefined) await this.#withBus((bus) => call(bus, "CloseNotification", "u", [id]));
  }

  /** One connection for each use: notifications are rare, and a desktop session may end and begin anew. */
  async #withBus(use: (bus: MessageBus) => Promise<void>): Promise<void> {
    if (!this.#busAddress) throw new Error("There is no desktop session: DBUS_SESSION_BUS_ADDRESS is not set.");
    const { sessionBus } = await import("dbus-native");
    const bus = sessionBus({ busAddress: this.#busAddress });
    try {
      await Promise.race([use(bus), failureOf(bus)]);
    } finally {
      bus.connection.end();
    }
  }
}

async function call<T>(bus: MessageBus, member: string, signature = "", body: unknown[] = []): Promise<T> {
  const message = { destination: SERVICE, path: PATH, interface: SERVICE, member, signature, body };
  return bus.invoke<T>(message, { timeout: TIMEOUT_MS });
}

function failureOf(bus: MessageBus): Promise<never> {
  return new Promise((_, reject) => bus.connection.on("error", reject));
}

/** What the specification lets a body hold, agents' text must not. */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
