import { TallyError } from "../../protocol/errors.ts";
import { RateLimit } from "../http/rate-limit.ts";
import { workingFolder } from "../sessions/folders.ts";
import type { CreatedHeadless, HeadlessSessionOrder, HeadlessSessionService } from "../sessions/headless-sessions.ts";
import { namesSystemFolder } from "./system-folder-names.ts";

/** A tool that makes more of them than this is out of hand. */
const RATE = { burst: 20, perSecond: 2 };

/** Makes sessions for other tools: without a terminal, and open until somebody ends them. */
export class SessionCreation {
  readonly #headless: HeadlessSessionService;
  readonly #rate: RateLimit;
  /** What tools gave with their sessions: it may hold secrets, so it is on no disk. */
  readonly #environments = new Map<string, Readonly<Record<string, string>>>();

  constructor({ headless, now }: { readonly headless: HeadlessSessionService; readonly now: () => number }) {
    this.#headless = headless;
    this.#rate = new RateLimit({ ...RATE, now });
  }

  /** @throws {TallyError} for a bad folder, agent, program or persona, and `too-many-requests`; then nothing is left of it */
  async create(order: Omit<HeadlessSessionOrder, "origin" | "isKeptOpen">): Promise<CreatedHeadless> {
    const cwd = await allowedFolder(order.cwd);
    if (!this.#rate.take()) {
      throw new TallyError("too-many-requests", "Too many sessions were made at once. Try again in a second.");
    }
    const created = await this.#headless.create({ ...order, cwd, origin: "http", isKeptOpen: true });
    if (order.env) this.#environments.set(created.session.id, order.env);
    return created;
  }

  /** What a session was made with; undefined where nothing was given, or by another gateway. */
  environmentOf(sessionId: string): Readonly<Record<string, string>> | undefined {
    return this.#environments.get(sessionId);
  }

  /** A session has ended. */
  forget(sessionId: string): void {
    this.#environments.delete(sessionId);
  }
}

/** The canonical path of a folder that a tool may work in. @throws {TallyError} for any other */
export async function allowedFolder(path: string): Promise<string> {
  if (namesSystemFolder(path)) {
    throw new TallyError("system-folder", `${path} belongs to the operating system. Choose a project's folder.`);
  }
  return workingFolder(path, false);
}
